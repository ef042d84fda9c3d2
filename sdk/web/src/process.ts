// SPDX-License-Identifier: LGPL-2.1-or-later
// Effects on single pictures: short forms and effects of the catalogue, as the native engine applies them.
import type { Engine } from './engine.js';
import { init } from './engine.js';
import { knowMedia } from './film.js';
import { PlacedPicture } from './picture.js';
import { type AnyCanvas, Screen } from './screen.js';
import { applyTransition, takeTransition } from './transition.js';
import type { EffectInfo, Effects, InitOptions } from './types.js';

const KEPT = 8; // processors: of different sizes or effects

/** Effects of one list on pictures of one size. */
class Processor {
  #film: number;

  constructor(private readonly engine: Engine, private readonly width: number, private readonly height: number, json: string, rate: number) {
    const { wasm } = engine;
    this.#film = wasm.need(wasm.withText(json, (at) => wasm.x.kw_process_open(wasm.engine, at, width, height, rate)));
  }

  run(input: PlacedPicture, output: PlacedPicture, frame: number): void {
    const { wasm } = this.engine;
    knowMedia(wasm, 'frame', { video: { width: this.width, height: this.height, duration: null, alpha: true } });
    wasm.check(wasm.x.kw_process_run(this.#film, input.pointer, output.pointer, frame));
  }

  close(): void {
    this.engine.wasm.x.kw_film_close(this.#film);
  }
}

const processors = new WeakMap<Engine, Map<string, Processor>>();

/** The one for these effects, made if need be; the one not used for longest goes. */
function processorFor(engine: Engine, width: number, height: number, effects: Effects, rate = 30): Processor {
  let kept = processors.get(engine);
  if (!kept) processors.set(engine, (kept = new Map()));
  const json = JSON.stringify(effects);
  const key = `${width}x${height}@${rate} ${json}`;
  const processor = kept.get(key) ?? new Processor(engine, width, height, json, rate);
  kept.delete(key);
  kept.set(key, processor);
  for (const [oldest, unused] of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
    unused.close();
  }
  return processor;
}

/** Pixels in the engine's memory: read and written by scripts without a copy, processed in place. */
export class OptimizedBuffer {
  private constructor(private readonly engine: Engine, readonly picture: PlacedPicture) {}

  /** RGBA pixels, not set yet; release() gives the memory back. */
  static create(engine: Engine, width: number, height: number): OptimizedBuffer {
    return new OptimizedBuffer(engine, PlacedPicture.create(engine.wasm, 'RGBA', width, height));
  }

  static from(engine: Engine, image: ImageData): OptimizedBuffer {
    const buffer = OptimizedBuffer.create(engine, image.width, image.height);
    buffer.picture.fill(0, image.data as Uint8ClampedArray, image.width * 4);
    return buffer;
  }

  get width(): number {
    return this.picture.width;
  }

  get height(): number {
    return this.picture.height;
  }

  /** Bytes from one row to the next. */
  get stride(): number {
    return this.picture.stride(0);
  }

  /** Where the pixels are in the engine's memory. */
  get pointer(): number {
    return this.picture.offset(0);
  }

  /** Bytes. */
  get length(): number {
    return this.stride * this.height;
  }

  /** The pixels themselves. Ask again after anything else was called: the engine's memory may have moved. */
  get data(): Uint8ClampedArray<ArrayBuffer> {
    const bytes = this.picture.plane(0);
    return new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, this.length);
  }

  /** Applies effects in place; frame: of effects that change from frame to frame. */
  apply(effects: Effects, frame = 0): this {
    const [rest, transition] = takeTransition(effects);
    processorFor(this.engine, this.width, this.height, rest).run(this.picture, this.picture, frame);
    if (transition) applyTransition(this.engine, this.picture, transition);
    return this;
  }

  toImageData(): ImageData {
    const image = new ImageData(this.width, this.height);
    const { data, stride } = this;
    for (let y = 0, row = 4 * this.width; y < this.height; y++)
      image.data.set(data.subarray(y * stride, y * stride + row), y * row);
    return image;
  }

  release(): void {
    this.picture.release();
  }
}

const buffers = new WeakMap<Engine, OptimizedBuffer>();

/** The engine's buffer for pictures that pass through. */
function passing(engine: Engine, image: ImageData): OptimizedBuffer {
  const kept = buffers.get(engine);
  if (kept?.width === image.width && kept.height === image.height) {
    kept.picture.fill(0, image.data as Uint8ClampedArray, image.width * 4);
    return kept;
  }
  kept?.release();
  const made = OptimizedBuffer.from(engine, image);
  buffers.set(engine, made);
  return made;
}

/** The picture with the effects, as a new one. */
export async function processFrame(image: ImageData, effects: Effects, options: InitOptions & { frame?: number } = {}): Promise<ImageData> {
  const engine = await init(options);
  return passing(engine, image).apply(effects, options.frame).toImageData();
}

const screens = new WeakMap<AnyCanvas, Screen>();

/** Shows the picture with the effects on a canvas, without a copy in between. */
export async function processVideoPreview(canvas: AnyCanvas, image: ImageData, effects: Effects, options: InitOptions & { frame?: number } = {}): Promise<void> {
  const engine = await init(options);
  const screen = screens.get(canvas) ?? new Screen(canvas);
  screens.set(canvas, screen);
  screen.show(passing(engine, image).apply(effects, options.frame).picture);
}

/** Every effect, transition and generator, from the tables that the engine reads. */
export async function getSupportedEffects(options: InitOptions = {}): Promise<EffectInfo[]> {
  const { wasm } = await init(options);
  wasm.check(wasm.x.kw_catalog(wasm.engine));
  return JSON.parse(wasm.text()) as EffectInfo[];
}
