// SPDX-License-Identifier: LGPL-2.1-or-later
// A film into a file, frame by frame and sample by sample.

import type { OpenFilm } from '../compose.js';
import { KerfError } from '../errors.js';
import { PLANE_COUNT, type PlacedPicture } from '../picture.js';
import type { SoundFeed } from '../types.js';
import type { CodecChoice } from './codecs.js';
import { FileSink } from './sink.js';

export interface ExportOptions extends CodecChoice {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

const AHEAD = 0.5; // s that media decode beyond what is written
const COLOR = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KerfError('cancelled', 'the export was cancelled');
}

/** The planes one after another, as they lie in the engine's memory. */
export function toVideoFrame(picture: PlacedPicture, timestamp: number, duration: number): VideoFrame {
  const planes = Array.from({ length: PLANE_COUNT.I420 }, (_, i) => picture.packed(i));
  const data = new Uint8Array(planes.reduce((bytes, plane) => bytes + plane.length, 0));
  planes.reduce((at, plane) => (data.set(plane, at), at + plane.length), 0);
  return new VideoFrame(data, {
    format: 'I420', codedWidth: picture.width, codedHeight: picture.height, timestamp, duration, colorSpace: COLOR,
  });
}

/** Sound is added as far as the picture is. */
class SoundTrack {
  private at = 0;
  private readonly end: number;

  constructor(
    private readonly sound: SoundFeed,
    private readonly sink: FileSink,
    duration: number,
  ) {
    this.end = Math.round(duration * sound.info.rate);
  }

  async addUpTo(time: number): Promise<void> {
    const { rate } = this.sound.info;
    const until = Math.min(this.end, Math.round(time * rate));
    while (this.at < until) {
      const n = Math.min(until - this.at, rate);
      await this.sink.addSound(await this.sound.render(this.at, n), rate, this.at);
      this.at += n;
    }
  }
}

async function writeFrames(film: OpenFilm, sink: FileSink, options: ExportOptions): Promise<void> {
  const { frames, rate, duration } = film.info;
  const sound = film.sound && new SoundTrack(film.sound, sink, duration);
  const micros = (n: number) => Math.round((n * 1e6) / rate);
  for (let n = 0; n < frames; n++) {
    stopIf(options.signal);
    const picture = await film.compose(n, 'I420', AHEAD);
    await sink.add(toVideoFrame(picture, micros(n), micros(n + 1) - micros(n)));
    if (n % Math.ceil(rate / 2) === 0) await sound?.addUpTo((n + rate) / rate);
    options.onProgress?.(n + 1, frames);
  }
  await sound?.addUpTo(duration);
}

/** The film as the bytes of a file. */
export async function exportFilm(film: OpenFilm, options: ExportOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  stopIf(options.signal);
  const { width, height, rate } = film.info;
  if (width % 2 || height % 2) throw new KerfError('invalid', `${width}x${height}: films are exported at even sizes`);
  const sound = film.sound?.info;
  const sink = await FileSink.open({ ...options, width, height, rate, ...(sound && { sound }) });
  try {
    await writeFrames(film, sink, options);
    return await sink.finish();
  } catch (error) {
    await sink.cancel();
    throw error;
  }
}
