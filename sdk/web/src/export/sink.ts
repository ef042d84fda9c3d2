// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures and sound into a file in memory.

import {
  AudioSample, AudioSampleSource, BufferTarget, Mp4OutputFormat, Output, VideoSample, VideoSampleSource, WebMOutputFormat,
} from 'mediabunny';
import type { VideoSink } from '../types.js';
import { chooseAudio, chooseVideo, qualityOf, SOUND, type CodecChoice, type Container, type PictureSize } from './codecs.js';

const KEY_FRAMES = 2; // s between them

export interface FileOptions extends CodecChoice, PictureSize {
  /** Left out: there is no sound. */
  sound?: { rate: number; channels: number };
}

export class FileSink implements VideoSink {
  private constructor(
    private readonly output: Output<Mp4OutputFormat | WebMOutputFormat, BufferTarget>,
    private readonly video: VideoSampleSource,
    private readonly audio: AudioSampleSource | null,
    readonly codecs: { video: string; audio: string | null },
  ) {}

  static async open(options: FileOptions): Promise<FileSink> {
    const container: Container = options.container ?? 'mp4';
    const { sound } = options;
    const codec = await chooseVideo(options, container, options);
    const soundCodec = sound ? await chooseAudio(options, container, sound.channels, sound.rate) : null;
    const format = container === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
    const output = new Output({ format, target: new BufferTarget() });
    const video = new VideoSampleSource({ codec, quality: qualityOf(options), keyFrameInterval: KEY_FRAMES });
    const audio = soundCodec ? new AudioSampleSource({ codec: soundCodec, quality: SOUND }) : null;
    output.addVideoTrack(video, { frameRate: options.rate });
    if (audio) output.addAudioTrack(audio);
    await output.start();
    return new FileSink(output, video, audio, { video: codec, audio: soundCodec });
  }

  /** Takes the picture; resolves when there is room for the next one. */
  async add(picture: VideoFrame): Promise<void> {
    const sample = new VideoSample(picture);
    try {
      await this.video.add(sample);
    } finally {
      sample.close();
    }
  }

  async addSound(planes: Float32Array<ArrayBuffer>[], rate: number, first: number): Promise<void> {
    const data = new Float32Array(planes.length * planes[0]!.length);
    planes.forEach((plane, c) => data.set(plane, c * plane.length));
    const sample = new AudioSample({
      data, format: 'f32-planar', numberOfChannels: planes.length, sampleRate: rate, timestamp: first / rate,
    });
    await this.audio?.add(sample);
    sample.close();
  }

  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    await this.output.finalize();
    return new Uint8Array(this.output.target.buffer!);
  }

  async cancel(): Promise<void> {
    if (this.output.state === 'started' || this.output.state === 'pending') await this.output.cancel();
  }
}
