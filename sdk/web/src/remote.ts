// SPDX-License-Identifier: LGPL-2.1-or-later
// A player in a worker, from outside: calls and events as messages. The clock stays here, where there is sound, and the
// worker is told the time.
import { KerfError } from './errors.js';
import { Listeners, type PlayerState } from './player.js';
import type { Film, FilmInfo, PlaybackClock, PreviewEvents, PreviewOptions, ReelConfig } from './types.js';

/** What a worker is told first. */
export interface StartMessage {
  canvas: OffscreenCanvas;
  wasm: PreviewOptions['wasm'];
  baseUrl: string | undefined;
}

/** A call: its answer has the same id. */
export type CallMessage =
  | { id: number; call: 'setFilm'; film: Film | ReelConfig }
  | { id: number; call: 'seek' | 'play'; time: number; now: number }
  | { id: number; call: 'pause' | 'close' | 'time'; time: number; now: number };

export type AnswerMessage =
  | { id: number; result: unknown }
  | { id: number; error: { code: string; message: string } }
  | { event: keyof PreviewEvents; args: unknown[] };

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
  #sync: ReturnType<typeof setInterval> | undefined;

  private constructor(private readonly worker: Worker, private readonly clock: PlaybackClock) {
    worker.onmessage = ({ data }: MessageEvent<AnswerMessage>) => this.#receive(data);
    worker.onerror = (event) => this.#fail(new KerfError('internal', event.message || 'the worker cannot be started'));
  }

  static async create(canvas: HTMLCanvasElement, options: PreviewOptions, clock: PlaybackClock): Promise<RemotePlayer> {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    const offscreen = canvas.transferControlToOffscreen();
    const wasm = options.wasm instanceof URL ? options.wasm.href : options.wasm;
    const baseUrl = new URL(options.baseUrl ?? '', document.baseURI).href;
    const start: StartMessage = { canvas: offscreen, wasm: typeof wasm === 'string' ? new URL(wasm, document.baseURI).href : wasm, baseUrl };
    worker.postMessage(start, [offscreen]);
    return new RemotePlayer(worker, clock);
  }

  get time(): number {
    return this.state === 'playing' ? this.clock.time : this.#position;
  }

  async setFilm(film: Film | ReelConfig): Promise<FilmInfo> {
    this.#film = (await this.#call({ id: 0, call: 'setFilm', film })) as FilmInfo;
    return this.#film;
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
    this.#stop();
    void this.#timed('pause', this.#position);
  }

  close(): void {
    this.#stop();
    this.clock.close?.();
    const end = () => this.worker.terminate();
    this.#timed('close', 0).then(end, end);
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

  #hear(event: keyof PreviewEvents, args: unknown[]): void {
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
