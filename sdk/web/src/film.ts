// SPDX-License-Identifier: LGPL-2.1-or-later
// A film in the engine: its facts, the pictures its frames ask for, and its frames.
import type { AssetRequest, Effects, Film, FilmInfo, MediaFacts } from './types.js';
import { PIXEL_FORMAT, PlacedPicture } from './picture.js';
import { FilmSound, type SoundOf } from './audio/film-sound.js';
import { Wasm } from './wasm.js';

const HAS_VIDEO = 1, HAS_AUDIO = 2, HAS_ALPHA = 4, IS_STILL = 8;

/** A picture that a frame needs. */
export interface PictureRequest {
  /** Of the frame's requests. */
  index: number;
  asset: number;
  stream: number;
  /** Of the media, seconds. */
  time: number;
  /** The engine has it from a frame before. */
  filled: boolean;
}

function factNumbers(facts: MediaFacts | null): number[] {
  if (!facts) return [-1, 0, 0, 0, 0, 0, 1, 0];
  const { video, audio } = facts;
  const flags = (video ? HAS_VIDEO : 0) | (audio ? HAS_AUDIO : 0) | (video?.alpha ? HAS_ALPHA : 0) |
    (video && video.duration === null ? IS_STILL : 0);
  return [flags, video?.width ?? 0, video?.height ?? 0, video?.duration ?? 0, audio?.duration ?? 0,
    video?.rotation ?? 0, video?.pixelAspect ?? 1, video?.rate ?? 0];
}

/** Tells the engine about a media file; null: it cannot be had. */
export function knowMedia(wasm: Wasm, path: string, facts: MediaFacts | null): void {
  const numbers = factNumbers(facts);
  const at = wasm.alloc(numbers.length * 8);
  new Float64Array(wasm.x.memory.buffer, at, numbers.length).set(numbers);
  try {
    wasm.withText(path, (text) => wasm.check(wasm.x.kw_know(wasm.engine, text, at)));
  } finally {
    wasm.x.kw_free(at);
  }
}

export function filmText(film: Film): string {
  return typeof film === 'string' ? film : JSON.stringify(film);
}

export class LoadedFilm {
  readonly info: FilmInfo;
  readonly #wasm: Wasm;
  #film: number;
  #size: { width: number; height: number };

  private constructor(wasm: Wasm, film: number) {
    this.#wasm = wasm;
    this.#film = wasm.need(film);
    wasm.check(wasm.x.kw_film_info(this.#film));
    this.info = JSON.parse(wasm.text()) as FilmInfo;
    this.#size = this.info;
  }

  /** Composes pictures of at most so many lines from now on: fewer are made sooner. */
  fit(lines: number): void {
    const { width, height } = this.info;
    const scale = Math.min(1, lines / height);
    this.#size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    this.#wasm.check(this.#wasm.x.kw_film_fit(this.#film, this.#size.width, this.#size.height));
  }

  static load(wasm: Wasm, film: Film): LoadedFilm {
    return new LoadedFilm(wasm, wasm.withText(filmText(film), (at, n) => wasm.x.kw_film_open(wasm.engine, at, n)));
  }

  /** A film of one asset, "frame", with effects; what it shows is put into every frame anew. */
  static ofEffects(wasm: Wasm, effects: Effects, width: number, height: number, rate: number): LoadedFilm {
    const json = JSON.stringify(effects);
    return new LoadedFilm(wasm, wasm.withText(json, (at) => wasm.x.kw_process_open(wasm.engine, at, width, height, rate)));
  }

  /** Lets go of all pictures. */
  forget(): void {
    this.#wasm.x.kw_film_forget(this.#film);
  }

  /** Its sound, to be closed before it. null: the film is silent. */
  openSound(soundOf: SoundOf): FilmSound | null {
    const sound = new FilmSound(this.#wasm, this.#film, soundOf);
    if (sound.info.length) return sound;
    sound.close();
    return null;
  }

  asset(index: number): AssetRequest {
    return this.info.assets[index]!;
  }

  /** What a frame needs; give it with `put`, then `render`. */
  plan(frame: number): PictureRequest[] {
    const { x } = this.#wasm;
    const count = x.kw_film_plan(this.#film, frame);
    if (count < 0) this.#wasm.failLast();
    return Array.from({ length: count }, (_, index) => this.#request(index));
  }

  #request(index: number): PictureRequest {
    const at = this.#wasm.x.kw_film_request(this.#film, index);
    const v = this.#wasm.view;
    return {
      index,
      asset: v.getInt32(at, true),
      stream: v.getInt32(at + 4, true),
      time: v.getFloat64(at + 8, true),
      filled: v.getInt32(at + 16, true) !== 0,
    };
  }

  /** The picture stays the caller's, too. */
  put(index: number, picture: PlacedPicture | null): void {
    this.#wasm.x.kw_film_put(this.#film, index, picture?.pointer ?? 0);
  }

  /** Composes a frame; the picture is valid until the film's next one. */
  render(frame: number, format: keyof typeof PIXEL_FORMAT): PlacedPicture {
    const pointer = this.#wasm.x.kw_film_render(this.#film, frame, PIXEL_FORMAT[format]);
    return new PlacedPicture(this.#wasm, this.#wasm.need(pointer), format, this.#size.width, this.#size.height);
  }

  /** XXH64 of the frame that was rendered last: what `kerf render --hash frames` prints. */
  hash(): string {
    this.#wasm.check(this.#wasm.x.kw_film_hash(this.#film));
    return this.#wasm.text();
  }

  close(): void {
    if (this.#film) this.#wasm.x.kw_film_close(this.#film);
    this.#film = 0;
  }
}
