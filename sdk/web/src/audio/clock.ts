// SPDX-License-Identifier: LGPL-2.1-or-later
// The clock of playback: the film's sound through Web Audio. Where there is no sound, or none can be heard, the computer's.

import type { FilmInfo, PlaybackClock, SoundFeed } from '../types.js';

const BLOCK = 0.2; // s
const AHEAD = 1; // s of sound that is scheduled
const LEAD = 0.05; // s from scheduling the first block to hearing it
const PATIENCE = 400; // ms until sound that does not start is given up

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Counts seconds of the page's own time. */
class WallClock {
  private began = performance.now();

  constructor(private readonly from: number) {}

  get time(): number {
    return this.from + (performance.now() - this.began) / 1000;
  }

  stop(): void {}
}

/** One run of playing: from a start to a stop. */
class SoundRun {
  private began = 0; // on the context's clock
  private stopped = false;
  private readonly output: GainNode;

  constructor(
    private readonly context: AudioContext,
    private readonly feed: SoundFeed,
    private readonly from: number,
  ) {
    this.output = context.createGain();
    this.output.connect(context.destination);
  }

  /** What comes out of the speakers now; before `from` while the first block is on its way. */
  get time(): number {
    return this.from + this.context.currentTime - (this.context.outputLatency || 0) - this.began;
  }

  /** Resolves when the first sample is heard. */
  async start(): Promise<void> {
    const first = Math.round(this.from * this.feed.info.rate);
    const block = await this.render(first);
    this.began = this.context.currentTime + LEAD;
    this.schedule(block, first);
    this.keepFed(first + block[0]!.length).catch(() => {}); // the film was closed: the next run brings its own
    await sleep(1000 * (LEAD + (this.context.outputLatency || 0)));
  }

  stop(): void {
    this.stopped = true;
    const now = this.context.currentTime;
    this.output.gain.setValueAtTime(1, now);
    this.output.gain.linearRampToValueAtTime(0, now + 0.008); // no click
    setTimeout(() => this.output.disconnect(), 50);
  }

  private render(first: number) {
    return this.feed.render(first, Math.round(BLOCK * this.feed.info.rate));
  }

  private schedule(planes: Float32Array<ArrayBuffer>[], first: number): void {
    const { rate } = this.feed.info;
    const buffer = this.context.createBuffer(planes.length, planes[0]!.length, rate);
    planes.forEach((plane, c) => buffer.copyToChannel(plane, c));
    const node = this.context.createBufferSource();
    node.buffer = buffer;
    node.connect(this.output);
    node.start(this.began + first / rate - Math.round(this.from * rate) / rate);
  }

  private async keepFed(at: number): Promise<void> {
    const { rate, length } = this.feed.info;
    while (!this.stopped && at < length) {
      const ahead = at / rate - this.from - (this.context.currentTime - this.began);
      if (ahead > AHEAD) {
        await sleep((BLOCK * 1000) / 2);
        continue;
      }
      const planes = await this.render(at);
      if (this.stopped) return;
      this.schedule(planes, at);
      at += planes[0]!.length;
    }
  }
}

export class SoundClock implements PlaybackClock {
  private feed: SoundFeed | null = null;
  private context: AudioContext | null = null;
  private run: SoundRun | WallClock | null = null;
  private paused = 0;
  private wanted = 0; // counts plays and pauses: who was overtaken gives up

  constructor(private readonly warn: (message: string) => void = () => {}) {}

  /** The film's time that is heard now. */
  get time(): number {
    return this.run ? Math.max(this.paused, this.run.time) : this.paused;
  }

  setSound(sound: SoundFeed | null): void {
    this.feed = sound;
  }

  async play(_film: FilmInfo, from: number): Promise<void> {
    const { feed } = this;
    this.pause();
    this.paused = from;
    const mine = ++this.wanted;
    const run = feed && from * feed.info.rate < feed.info.length ? await this.startSound(feed, from) : null;
    if (mine !== this.wanted) run?.stop();
    else this.run = run ?? new WallClock(from);
  }

  pause(): void {
    this.wanted++;
    this.paused = this.time;
    this.run?.stop();
    this.run = null;
  }

  close(): void {
    this.pause();
    void this.context?.close();
    this.context = null;
  }

  private async startSound(feed: SoundFeed, from: number): Promise<SoundRun | null> {
    const context = await this.running(feed.info.rate);
    if (!context) return null;
    const run = new SoundRun(context, feed, from);
    await run.start();
    return run;
  }

  /** A context of that rate whose time runs; null: there is no device, or the page may not be heard yet. */
  private async running(rate: number): Promise<AudioContext | null> {
    if (typeof AudioContext === 'undefined') return null;
    if (this.context?.sampleRate !== rate) {
      void this.context?.close();
      this.context = new AudioContext({ sampleRate: rate, latencyHint: 'playback' });
    }
    const context = this.context;
    const start = context.currentTime;
    await Promise.race([context.resume().catch(() => {}), sleep(PATIENCE)]);
    for (let waited = 0; context.currentTime === start && waited < PATIENCE; waited += 20) await sleep(20);
    if (context.currentTime !== start) return context;
    this.warn('no sound: the browser gives none before somebody clicks, or there is no device');
    return null;
  }
}
