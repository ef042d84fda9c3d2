// SPDX-License-Identifier: LGPL-2.1-or-later
// A film on a canvas, on the thread that made it.
import { MediaShelf, OpenFilm } from './compose.js';
import type { Engine } from './engine.js';
import { KerfError } from './errors.js';
import { exportFilm, type ExportOptions } from './export/export.js';
import { type AnyCanvas, Screen } from './screen.js';
import type { Film, FilmInfo, KerfErrorLike, MediaProvider, PlaybackClock, PreviewEvents, ReelConfig, SoundFeed } from './types.js';

const AHEAD = 0.5; // s that media decode beyond what plays

export type PlayerState = 'paused' | 'playing' | 'ended';

/** What is told to whoever listens. */
export class Listeners {
  #all: { [K in keyof PreviewEvents]?: Set<PreviewEvents[K]> } = {};

  on<K extends keyof PreviewEvents>(event: K, listener: PreviewEvents[K]): () => void {
    const set = (this.#all[event] ??= new Set() as never) as Set<PreviewEvents[K]>;
    set.add(listener);
    return () => set.delete(listener);
  }

  emit<K extends keyof PreviewEvents>(event: K, ...args: Parameters<PreviewEvents[K]>): void {
    for (const listener of this.#all[event] ?? []) (listener as (...a: typeof args) => void)(...args);
  }
}

const nextFrame = () =>
  new Promise<void>((resolve) => {
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => resolve());
    else setTimeout(resolve, 8);
  });

/** Shows, seeks and plays. Of several pictures asked for while one is made, the newest comes next. */
export class Player {
  readonly listeners = new Listeners();
  readonly #screen: Screen;
  #film: OpenFilm | undefined;
  #given: Film | ReelConfig | undefined;
  #shelf: MediaShelf;
  #position = 0;
  #state: PlayerState = 'paused';
  #wanted: number | undefined;
  #showing: Promise<void> | undefined;
  #shown = -1;

  constructor(
    private readonly engine: Engine,
    canvas: AnyCanvas,
    media: MediaProvider | undefined,
    private readonly clock: PlaybackClock,
    private readonly lines = Infinity,
  ) {
    this.#screen = new Screen(canvas);
    this.#shelf = new MediaShelf(engine, media, (message) => this.listeners.emit('warning', message));
  }

  get state(): PlayerState {
    return this.#state;
  }

  get time(): number {
    return this.#state === 'playing' ? this.clock.time : this.#position;
  }

  get film(): FilmInfo | undefined {
    return this.#film?.info;
  }

  /** Shows another film, or another state of it, at the same time as the one before. */
  async setFilm(film: Film | ReelConfig): Promise<FilmInfo> {
    const opened = await OpenFilm.open(this.engine, film, this.#shelf, (message) => this.listeners.emit('warning', message), this.lines);
    await this.#showing?.catch(() => {});
    this.#film?.close();
    this.#film = opened;
    this.#given = film;
    this.#shown = -1;
    this.#position = Math.min(this.time, opened.info.duration);
    this.clock.setSound?.(opened.sound);
    if (this.#state === 'playing') await this.clock.play(opened.info, this.#position);
    await this.#show(this.#position);
    return opened.info;
  }

  async seek(time: number): Promise<void> {
    const { duration } = this.#need();
    this.#position = Math.min(Math.max(time, 0), duration);
    if (this.#state === 'playing') await this.clock.play(this.#need(), this.#position);
    else if (this.#state === 'ended') this.#setState('paused');
    await this.#show(this.#position);
  }

  async play(): Promise<void> {
    const info = this.#need();
    if (this.#state === 'playing') return;
    if (this.#state === 'ended' || this.#position >= info.duration) this.#position = 0;
    await this.#show(this.#position);
    await this.clock.play(info, this.#position);
    this.#setState('playing');
    void this.#run();
  }

  pause(): void {
    if (this.#state === 'playing') this.#stop('paused', this.clock.time);
  }

  /** Of the film that is shown. */
  get sound(): SoundFeed | null {
    return this.#film?.sound ?? null;
  }

  /** The film as the bytes of a file. It is opened once more, so that what is shown stays in peace. */
  async export(options: ExportOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.#need();
    this.pause();
    const film = await OpenFilm.open(this.engine, this.#given!, this.#shelf);
    try {
      return await exportFilm(film, options);
    } finally {
      film.close();
    }
  }

  close(): void {
    if (this.#state === 'playing') this.pause();
    this.clock.close?.();
    void (this.#showing ?? Promise.resolve()).catch(() => {}).then(() => {
      this.#film?.close();
      this.#film = undefined;
      return this.#shelf.close();
    });
  }

  #need(): FilmInfo {
    if (!this.#film) throw new KerfError('usage', 'there is no film yet: call setFilm first');
    return this.#film.info;
  }

  #setState(state: PlayerState): void {
    this.#state = state;
    this.listeners.emit('state', state);
  }

  #stop(state: PlayerState, at: number): void {
    this.clock.pause();
    this.#position = Math.min(at, this.#film?.info.duration ?? 0);
    this.#setState(state);
  }

  async #run(): Promise<void> {
    while (this.#state === 'playing') {
      const { time } = this.clock;
      if (time >= this.#need().duration) return this.#stop('ended', time);
      await this.#show(time).catch((error: KerfErrorLike) => this.listeners.emit('error', error));
      await nextFrame();
    }
  }

  /** Resolves when this time, or a newer one, is on the canvas. */
  #show(time: number): Promise<void> {
    this.#wanted = time;
    this.#showing ??= this.#showWanted().finally(() => (this.#showing = undefined));
    return this.#showing;
  }

  async #showWanted(): Promise<void> {
    while (this.#wanted !== undefined && this.#film) {
      const film = this.#film, time = this.#wanted, frame = film.frameAt(time);
      this.#wanted = undefined;
      if (frame === this.#shown) continue;
      const picture = await film.compose(frame, 'RGBA', this.#state === 'playing' ? AHEAD : 0);
      this.#screen.show(picture);
      this.#shown = frame;
      this.listeners.emit('frame', time);
    }
  }
}
