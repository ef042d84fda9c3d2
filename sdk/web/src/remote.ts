// SPDX-License-Identifier: LGPL-2.1-or-later
// A player in a worker, from outside: calls and events as messages. The clock stays here, where there is sound, and the
// worker is told the time.
import { KerfError } from './errors.js';
import type { CodecChoice } from './export/codecs.js';
import type { ExportOptions } from './export/export.js';
import { Listeners, type PlayerState } from './player.js';
import type { Film, FilmInfo, PlaybackClock, PreviewEvents, PreviewOptions, ReelConfig, SoundInfo } from './types.js';

/** What a worker is told first. */
export interface StartMessage {
  canvas: OffscreenCanvas;
  wasm: PreviewOptions['wasm'];
  baseUrl: string | undefined;
  files: Record<string, Blob> | undefined;
  lines: number | undefined;
}

/** A call: its answer has the same id. */
export type CallMessage =
  | { id: number; call: 'setFilm'; film: Film | ReelConfig }
  | { id: number; call: 'addFiles'; files: Record<string, Blob> }
  | { id: number; call: 'sound'; first: number; count: number }
  | { id: number; call: 'export'; options: CodecChoice }
  | { id: number; call: 'stopExport' }
  | { id: number; call: 'seek' | 'play'; time: number; now: number }
  | { id: number; call: 'pause' | 'close' | 'time'; time: number; now: number };

export type AnswerMessage =
  | { id: number; result: unknown }
  | { id: number; error: { code: string; message: string } }
  | { event: keyof PreviewEvents | 'progress'; args: unknown[] };

/** What setFilm is answered with. */
export interface FilmAnswer {
  info: FilmInfo;
  sound: SoundInfo | null;
}

const SYNC = 250; // ms from one correction of the worker's clock to the next

/** The same instant on every thread, ms. */
export const instant = () => performance.timeOrigin + performance.now();

export class RemotePlayer {
  readonly listeners = new Listeners();
  state: PlayerState = 'paused';
  #position = 0;
  #film: FilmInfo | undefined;
  #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #next = 1;
  #onProgress: ExportOptions['onProgress'];
  #sync: ReturnType<typeof setInterval> | undefined;

  private constructor(private readonly worker: Worker, private readonly clock: PlaybackClock) {
    worker.onmessage = ({ data }: MessageEvent<AnswerMessage>) => this.#receive(data);
    worker.onerror = (event) => this.#fail(new KerfError('internal', event.message || 'the worker cannot be started'));
  }

  static async create(canvas: HTMLCanvasElement, options: PreviewOptions, clock: PlaybackClock): Promise<RemotePlayer> {
    const worker = options.workerUrl
      ? new Worker(options.workerUrl, { type: 'module' })
      : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    const offscreen = canvas.transferControlToOffscreen();
    const wasm = options.wasm instanceof URL ? options.wasm.href : options.wasm;
    const baseUrl = new URL(options.baseUrl ?? '', document.baseURI).href;
    const start: StartMessage = { canvas: offscreen, wasm: typeof wasm === 'string' ? new URL(wasm, document.baseURI).href : wasm, baseUrl,
      files: options.files, lines: options.lines };
    worker.postMessage(start, [offscreen]);
    return new RemotePlayer(worker, clock);
  }

  get time(): number {
    return this.state === 'playing' ? this.clock.time : this.#position;
  }

  async setFilm(film: Film | ReelConfig): Promise<FilmInfo> {
    const { info, sound } = (await this.#call({ id: 0, call: 'setFilm', film })) as FilmAnswer;
    this.#film = info;
    this.clock.setSound?.(sound && { info: sound, render: (first, count) => this.#sound(first, count) });
    if (this.state === 'playing') await this.clock.play(info, Math.min(this.clock.time, info.duration));
    return info;
  }

  async seek(time: number): Promise<void> {
    this.#position = Math.min(Math.max(time, 0), this.#film?.duration ?? 0);
    if (this.state === 'playing' && this.#film) await this.clock.play(this.#film, this.#position);
    await this.#timed('seek', this.#position);
  }

  async play(): Promise<void> {
    if (!this.#film) throw new KerfError('usage', 'there is no film yet: call setFilm first');
    if (this.state === 'playing') return;
    if (this.state === 'ended' || this.#position >= this.#film.duration) await this.seek(0);
    await this.clock.play(this.#film, this.#position);
    await this.#timed('play', this.clock.time);
    this.#sync = setInterval(() => void this.#timed('time', this.clock.time), SYNC);
  }

  pause(): void {
    if (this.state !== 'playing') return;
    this.#position = this.clock.time;
    this.state = 'paused';
    this.#stop();
    void this.#timed('pause', this.#position);
  }

  async addFiles(files: Record<string, Blob>): Promise<void> {
    await this.#call({ id: 0, call: 'addFiles', files });
  }

  async export({ signal, onProgress, ...options }: ExportOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    if (signal?.aborted) throw new KerfError('cancelled', 'the export was cancelled');
    this.pause();
    this.#onProgress = onProgress;
    signal?.addEventListener('abort', () => void this.#call({ id: 0, call: 'stopExport' }), { once: true });
    return (await this.#call({ id: 0, call: 'export', options })) as Uint8Array<ArrayBuffer>;
  }

  close(): void {
    this.#stop();
    this.clock.close?.();
    const end = () => this.worker.terminate();
    this.#timed('close', 0).then(end, end);
  }

  #sound(first: number, count: number): Promise<Float32Array<ArrayBuffer>[]> {
    return this.#call({ id: 0, call: 'sound', first, count }) as Promise<Float32Array<ArrayBuffer>[]>;
  }

  #stop(): void {
    clearInterval(this.#sync);
    this.clock.pause();
  }

  #timed(call: 'seek' | 'play' | 'pause' | 'close' | 'time', time: number): Promise<unknown> {
    return this.#call({ id: 0, call, time, now: instant() } as CallMessage);
  }

  #call(message: CallMessage): Promise<unknown> {
    message.id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(message.id, { resolve, reject });
      this.worker.postMessage(message);
    });
  }

  #receive(message: AnswerMessage): void {
    if ('event' in message) return this.#hear(message.event, message.args);
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if ('error' in message) call?.reject(new KerfError(message.error.code, message.error.message));
    else call?.resolve(message.result as never);
  }

  #hear(event: keyof PreviewEvents | 'progress', args: unknown[]): void {
    if (event === 'progress') return this.#onProgress?.(args[0] as number, args[1] as number);
    if (event === 'state') {
      this.state = args[0] as PlayerState;
      if (this.state === 'ended') {
        this.#stop();
        this.#position = this.#film?.duration ?? 0;
      }
    }
    (this.listeners.emit as (...a: unknown[]) => void).call(this.listeners, event, ...args);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
  }
}
