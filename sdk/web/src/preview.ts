// SPDX-License-Identifier: LGPL-2.1-or-later
// The live preview: in a worker with an OffscreenCanvas where there is one, else on the calling thread.
import { SoundClock } from './audio/clock.js';
import { init } from './engine.js';
import { KerfError } from './errors.js';
import type { ExportOptions } from './export/export.js';
import { webMedia } from './media/open.js';
import { Listeners, Player, type PlayerState } from './player.js';
import type { AnyCanvas } from './screen.js';
import type { Film, FilmInfo, PlaybackClock, PreviewEvents, PreviewOptions, ReelConfig } from './types.js';
import { RemotePlayer } from './remote.js';

/** What shows a film: here, or in a worker. */
export interface PlayerLike {
  readonly listeners: Listeners;
  readonly state: PlayerState;
  readonly time: number;
  setFilm(film: Film | ReelConfig): Promise<FilmInfo>;
  seek(time: number): Promise<void>;
  play(): Promise<void>;
  pause(): void;
  export(options?: ExportOptions): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

const canLeave = (canvas: AnyCanvas): canvas is HTMLCanvasElement =>
  typeof Worker === 'function' && 'transferControlToOffscreen' in canvas;

async function makePlayer(canvas: AnyCanvas, options: PreviewOptions, clock: PlaybackClock): Promise<PlayerLike> {
  const wanted = options.worker ?? !options.media;
  if (wanted && canLeave(canvas)) return RemotePlayer.create(canvas, options, clock);
  const media = options.media ?? webMedia(options);
  return new Player(await init(options), canvas, media, clock, options.lines);
}

/** Shows a film or a reel on a canvas, and plays it. */
export class Preview {
  readonly #player: Promise<PlayerLike>;
  readonly #listeners = new Listeners();
  #now: PlayerLike | undefined;
  #closed = false;
  readonly #files: Record<string, Blob>;

  constructor(canvas: AnyCanvas, options: PreviewOptions = {}) {
    this.#files = { ...options.files };
    const clock = options.clock ?? new SoundClock((message) => this.#listeners.emit('warning', message));
    this.#player = makePlayer(canvas, { ...options, files: this.#files }, clock).then((player) => {
      for (const event of ['frame', 'state', 'warning', 'error'] as const)
        player.listeners.on(event, (...args: unknown[]) => (this.#listeners.emit as (...a: unknown[]) => void).call(this.#listeners, event, ...args));
      return (this.#now = player);
    });
    this.#player.catch(() => {}); // told to who calls next
  }

  /** Shows another film, or another state of it; the time stays. Throws a KerfError that names the place in the film. */
  async setFilm(film: Film | ReelConfig): Promise<FilmInfo> {
    return (await this.#ready()).setFilm(film);
  }

  /** Resolves when the picture of this time (seconds), or of a newer seek, is shown. */
  async seek(time: number): Promise<void> {
    return (await this.#ready()).seek(time);
  }

  async play(): Promise<void> {
    return (await this.#ready()).play();
  }

  pause(): void {
    this.#now?.pause();
  }

  /** Files that the page has at hand, by the path that films will have for them. */
  async addFiles(files: Record<string, Blob>): Promise<void> {
    Object.assign(this.#files, files);
    const player = await this.#ready();
    if (player instanceof RemotePlayer) await player.addFiles(files);
  }

  /** The film as the bytes of a file, made by this browser's encoders. Playback pauses. */
  async export(options?: ExportOptions): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#ready()).export(options);
  }

  get time(): number {
    return this.#now?.time ?? 0;
  }

  get state(): PlayerState {
    return this.#now?.state ?? 'paused';
  }

  /** Calls `listener` from now on; gives what ends that. */
  on<K extends keyof PreviewEvents>(event: K, listener: PreviewEvents[K]): () => void {
    return this.#listeners.on(event, listener);
  }

  close(): void {
    this.#closed = true;
    void this.#player.then((player) => player.close(), () => {});
  }

  async #ready(): Promise<PlayerLike> {
    if (this.#closed) throw new KerfError('closed', 'the preview was closed');
    return this.#player;
  }
}
