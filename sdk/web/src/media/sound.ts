// SPDX-License-Identifier: LGPL-2.1-or-later
// The sound of a media file as samples on media time.

import { AudioSampleSink, type AudioSample, type InputAudioTrack } from 'mediabunny';
import { KerfError } from '../errors.js';
import { remix, resample } from './resample.js';

/** Samples by channel; sample 0 of the planes is sample `first` of media time. */
export interface Pcm {
  rate: number;
  first: number;
  planes: Float32Array[];
}

const WARM_UP = 0.15; // s that decoders run before what is wanted of them
const JITTER = 0.005; // s that containers with coarse times are off
const REACH = 0.01; // s around a range that resampling looks at

/** Joins decoded blocks: each begins where the one before it ended, unless its time says something quite different. */
class Line {
  private next = NaN;

  constructor(private readonly planes: Float32Array[]) {}

  add(sample: AudioSample, at: number): void {
    const apart = Math.abs(at - this.next) / sample.sampleRate;
    const position = apart < JITTER ? this.next : Math.round(at);
    place(sample, position, this.planes);
    this.next = position + sample.numberOfFrames;
  }
}

/** Copies what of a decoded block falls into the planes. */
function place(sample: AudioSample, at: number, planes: Float32Array[]): void {
  const length = planes[0]!.length;
  const skip = Math.max(0, -at);
  const count = Math.min(sample.numberOfFrames - skip, length - at - skip);
  if (count <= 0) return;
  planes.forEach((plane, c) =>
    sample.copyTo(plane.subarray(at + skip, at + skip + count), {
      planeIndex: c, frameOffset: skip, frameCount: count, format: 'f32-planar',
    }),
  );
}

export class SoundReader {
  private readonly sink: AudioSampleSink;
  private kept: { key: string; pcm: Promise<Pcm> }[] = [];

  constructor(
    private readonly track: InputAudioTrack,
    private readonly origin: number,
    readonly facts: { duration: number; sampleRate: number; channels: number },
    private readonly name: string,
  ) {
    this.sink = new AudioSampleSink(track);
  }

  /** Samples of the media times from..to, cut to what there is, at a rate and with channels. Kept for the next time. */
  samples(rate: number, channels: number, from = 0, to = this.facts.duration): Promise<Pcm> {
    const key = `${rate} ${channels} ${from} ${to}`;
    const known = this.kept.find((entry) => entry.key === key);
    if (known) return known.pcm;
    const pcm = this.decode(rate, channels, Math.max(0, from), Math.min(to, this.facts.duration));
    this.kept = [...this.kept.slice(-3), { key, pcm }];
    pcm.catch(() => (this.kept = this.kept.filter((entry) => entry.pcm !== pcm)));
    return pcm;
  }

  close(): void {
    this.kept = [];
  }

  private async decode(rate: number, channels: number, from: number, to: number): Promise<Pcm> {
    const own = await this.native(from - REACH, to + REACH);
    const planes = remix(own.planes, channels);
    if (own.rate === rate) return { ...own, planes };
    const first = Math.floor(from * rate);
    const count = Math.max(0, Math.ceil(to * rate) - first);
    return { rate, first, planes: planes.map((plane) => resampleFrom(plane, own, rate, first, count)) };
  }

  /** At the file's own rate. */
  private async native(from: number, to: number): Promise<Pcm> {
    await this.check();
    const { sampleRate: rate, channels } = this.facts;
    const first = Math.max(0, Math.floor(from * rate));
    const end = Math.max(first, Math.min(Math.ceil(to * rate), Math.round(this.facts.duration * rate)));
    const planes = Array.from({ length: channels }, () => new Float32Array(end - first));
    const line = new Line(planes);
    for await (const sample of this.sink.samples((await this.countsFromStart()) ? -Infinity : from + this.origin - WARM_UP, to + this.origin)) {
      line.add(sample, (sample.timestamp - this.origin) * rate - first);
      sample.close();
    }
    return { rate, first, planes };
  }

  /** Coarse times tell samples only by counting, and decoders of Opus leave out what comes first wherever they begin. */
  private async countsFromStart(): Promise<boolean> {
    return (await this.track.getTimeResolution()) < this.facts.sampleRate || (await this.track.getCodec()) === 'opus';
  }

  private async check(): Promise<void> {
    if (await this.track.canDecode()) return;
    const codec = (await this.track.getCodecParameterString()) ?? String(await this.track.getInternalCodecId());
    throw new KerfError('unsupported', `${this.name}: this browser does not decode sound of ${codec}; AAC, Opus and WAV are safe choices`);
  }
}

/** Resampling counts from media time 0 on, so that what comes out does not depend on where a range begins. */
function resampleFrom(plane: Float32Array, own: Pcm, rate: number, first: number, count: number): Float32Array {
  const second = Math.floor(own.first / own.rate); // whole seconds are samples of both rates
  const shifted = new Float32Array(own.first - second * own.rate + plane.length);
  shifted.set(plane, own.first - second * own.rate);
  return resample(shifted, own.rate, rate, first - second * rate, count);
}
