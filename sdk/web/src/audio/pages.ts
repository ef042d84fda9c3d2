// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoded sound of one asset in pages, so that long sounds are never wholly in memory.

import type { Pcm, SoundReader } from '../media/sound.js';

const PAGE = 16; // s
const KEPT = 8; // pages of one asset: some 50 MB of stereo

export class Pages {
  private readonly pages = new Map<number, Pcm>();
  private readonly loading = new Map<number, Promise<void>>();
  private readonly length: number;

  constructor(
    private readonly sound: SoundReader,
    private readonly rate: number,
    private readonly channels: number,
  ) {
    this.length = PAGE * rate;
  }

  /** Fills the planes with the samples from `first` on; false: some of them are not decoded yet. */
  read(first: number, planes: Float32Array[]): boolean {
    const count = planes[0]!.length;
    for (const plane of planes) plane.fill(0);
    const pages = this.pagesOf(first, count);
    for (const page of pages) this.copy(this.pages.get(page), first, planes);
    return pages.every((page) => this.pages.has(page));
  }

  /** Decodes what is missing of these samples. */
  async load(first: number, count: number): Promise<void> {
    await Promise.all(this.pagesOf(first, count).map((page) => this.loadPage(page)));
  }

  private pagesOf(first: number, count: number): number[] {
    const end = Math.ceil(this.sound.facts.duration * this.rate);
    const [from, to] = [Math.max(0, first), Math.min(end, first + count)];
    const pages: number[] = [];
    for (let page = Math.floor(from / this.length); page * this.length < to; page++) pages.push(page);
    return pages;
  }

  private copy(page: Pcm | undefined, first: number, planes: Float32Array[]): void {
    if (!page) return;
    const from = Math.max(first, page.first);
    const to = Math.min(first + planes[0]!.length, page.first + page.planes[0]!.length);
    if (from >= to) return;
    planes.forEach((plane, c) => plane.set(page.planes[c]!.subarray(from - page.first, to - page.first), from - first));
  }

  private loadPage(page: number): Promise<void> {
    if (this.pages.has(page)) return Promise.resolve();
    const begun = this.loading.get(page);
    if (begun) return begun;
    const load = this.decode(page).finally(() => this.loading.delete(page));
    this.loading.set(page, load);
    return load;
  }

  private async decode(page: number): Promise<void> {
    const pcm = await this.sound.samples(this.rate, this.channels, page * PAGE, (page + 1) * PAGE);
    this.pages.set(page, pcm);
    const oldest = this.pages.keys().next();
    if (this.pages.size > KEPT && !oldest.done) this.pages.delete(oldest.value);
  }
}
