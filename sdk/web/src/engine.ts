// SPDX-License-Identifier: LGPL-2.1-or-later
import type { Film, InitOptions, MediaFacts, ReelConfig } from './types.js';
import { knowMedia, LoadedFilm } from './film.js';
import { Wasm } from './wasm.js';

/** The engine: loads films and composes their frames. Everything of one engine runs on one thread. */
export class Engine {
  readonly wasm: Wasm;

  private constructor(wasm: Wasm) {
    this.wasm = wasm;
  }

  static async create(options: InitOptions = {}): Promise<Engine> {
    return new Engine(await Wasm.load(options.wasm));
  }

  /** Facts of a media file by its path in films; null: it cannot be had. */
  know(path: string, facts: MediaFacts | null): void {
    knowMedia(this.wasm, path, facts);
  }

  /** The film, as JSON text, that a reel's configuration stands for. Media that it names have to be known. */
  reel(config: ReelConfig | string): string {
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    this.wasm.check(this.wasm.withText(text, (at, length) => this.wasm.x.kw_reel(this.wasm.engine, at, length)));
    return this.wasm.text();
  }

  /** After `reel` failed: the path of a file that `know` has to be told about first; "" if that is not why. */
  missingMedia(): string {
    return this.wasm.text();
  }

  /** The JSON Schema (2020-12) of reels' configurations. */
  reelSchema(): Record<string, unknown> {
    this.wasm.check(this.wasm.x.kw_reel_schema(this.wasm.engine));
    return JSON.parse(this.wasm.text()) as Record<string, unknown>;
  }

  /** Throws a KerfError that names the place in the film. */
  load(film: Film): LoadedFilm {
    return LoadedFilm.load(this.wasm, film);
  }
}

let shared: Promise<Engine> | undefined;

/** Loads the engine, once; every call gives the same one. */
export function init(options: InitOptions = {}): Promise<Engine> {
  shared ??= Engine.create(options).catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}
