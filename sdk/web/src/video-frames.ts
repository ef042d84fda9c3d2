// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames through effects into a file: what processVideo's worker does.
import type { Engine } from './engine.js';
import { toVideoFrame } from './export/export.js';
import type { VideoName } from './export/codecs.js';
import { FileSink } from './export/sink.js';
import { knowMedia, LoadedFilm } from './film.js';
import type { Effects, Picture, ProcessVideoConfig } from './types.js';
import { isFrame, upload } from './upload.js';

/** What crosses to the worker. */
export interface VideoSettings {
  width: number;
  height: number;
  fps: number;
  codec: VideoName;
  quality: NonNullable<ProcessVideoConfig['quality']>;
  effects: Effects;
}

export const sizeOf = (picture: Picture): [number, number] =>
  isFrame(picture) ? [picture.displayWidth, picture.displayHeight] : [picture.width, picture.height];

const even = (size: number) => Math.max(2, 2 * Math.round(size / 2));

/** Defaults: the first picture's size, 30 frames a second, H.264. Sizes are even. */
export function settingsOf(config: ProcessVideoConfig, first: Picture): VideoSettings {
  const [width, height] = sizeOf(first);
  const { fps = 30, codec = 'h264', quality = 'high', effects = [] } = config;
  const w = config.width ?? (config.height ? (config.height * width) / height : width);
  const h = config.height ?? (config.width ? (config.width * height) / width : height);
  return { width: even(w), height: even(h), fps, codec, quality, effects };
}

/** Takes pictures in their order; those of another shape are fitted in. */
export class VideoWriter {
  #written = 0;

  private constructor(private readonly engine: Engine, private readonly film: LoadedFilm, private readonly sink: FileSink, private readonly fps: number) {}

  static async open(engine: Engine, settings: VideoSettings): Promise<VideoWriter> {
    const { width, height, fps, codec, quality, effects } = settings;
    const film = LoadedFilm.ofEffects(engine.wasm, effects, width, height, fps);
    const container = codec === 'vp8' || codec === 'vp9' ? 'webm' : 'mp4';
    try {
      return new VideoWriter(engine, film, await FileSink.open({ container, video: codec, quality, width, height, rate: fps }), fps);
    } catch (error) {
      film.close();
      throw error;
    }
  }

  /** Closes the picture if it can be closed. */
  async add(picture: Picture): Promise<void> {
    const [width, height] = sizeOf(picture);
    const placed = await upload(this.engine.wasm, picture);
    if ('close' in picture) picture.close();
    knowMedia(this.engine.wasm, 'frame', { video: { width, height, duration: null } });
    const n = this.#written++, micros = (frame: number) => Math.round((frame * 1e6) / this.fps);
    this.film.forget();
    for (const { index } of this.film.plan(n)) this.film.put(index, placed);
    placed.release();
    await this.sink.add(toVideoFrame(this.film.render(n, 'I420'), micros(n), micros(n + 1) - micros(n)));
  }

  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    this.film.close();
    return this.sink.finish();
  }

  async cancel(): Promise<void> {
    this.film.close();
    await this.sink.cancel();
  }
}
