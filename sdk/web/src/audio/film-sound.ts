// SPDX-License-Identifier: LGPL-2.1-or-later
// The sound of a film, sample for sample what the native engine renders, from sounds that the browser decodes.

import type { SoundReader } from '../media/sound.js';
import type { SoundFeed, SoundInfo } from '../types.js';
import type { Wasm } from '../wasm.js';
import { Pages } from './pages.js';

/** Gives the sound of an asset by its place in the film; null: it has none, or cannot be had. */
export type SoundOf = (asset: number) => SoundReader | null;

const TRIES = 16;

export class FilmSound implements SoundFeed {
  readonly info: SoundInfo;
  private readonly pages = new Map<number, Pages | null>();
  private missing: { pages: Pages; first: number; count: number }[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private handle: number;

  /** film: its pointer in the engine. Closed before the film. */
  constructor(
    private readonly wasm: Wasm,
    film: number,
    private readonly soundOf: SoundOf,
  ) {
    this.handle = wasm.need(wasm.x.kw_sound_open(film));
    this.info = JSON.parse(wasm.text()) as SoundInfo;
  }

  /** n samples of each channel from `first` on. Calls are served in turn; going on where the last one ended is cheap. */
  render(first: number, n: number): Promise<Float32Array<ArrayBuffer>[]> {
    const mine = this.turn.then(() => this.renderNow(first, n));
    this.turn = mine.catch(() => {});
    return mine;
  }

  close(): void {
    if (this.handle) this.wasm.x.kw_sound_close(this.handle);
    this.handle = 0;
  }

  /** The engine reads without waiting: what was not there yet is decoded, and the block rendered again. */
  private async renderNow(first: number, n: number): Promise<Float32Array<ArrayBuffer>[]> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!this.handle) this.wasm.fail('closed', 'the film was closed');
      const planes = this.tryRender(first, n);
      if (!this.missing.length) return planes;
      await Promise.all(this.missing.map(({ pages, first, count }) => pages.load(first, count)));
    }
    return this.wasm.fail('media', 'a film reads more sound at once than there is room for');
  }

  private tryRender(first: number, n: number): Float32Array<ArrayBuffer>[] {
    this.missing = [];
    this.wasm.readSound = (asset, at, planes) => this.read(asset, at, planes);
    const at = this.wasm.need(this.wasm.x.kw_sound_render(this.handle, first, n));
    const memory = this.wasm.x.memory.buffer as ArrayBuffer;
    return Array.from({ length: this.info.channels }, (_, c) => new Float32Array(memory, at + c * n * 4, n).slice());
  }

  private read(asset: number, first: number, planes: Float32Array[]): void {
    let pages = this.pages.get(asset);
    if (pages === undefined) {
      const sound = this.soundOf(asset);
      pages = sound && new Pages(sound, this.info.rate, this.info.channels);
      this.pages.set(asset, pages);
    }
    if (!pages) planes.forEach((plane) => plane.fill(0));
    else if (!pages.read(first, planes)) this.missing.push({ pages, first, count: planes[0]!.length });
  }
}
