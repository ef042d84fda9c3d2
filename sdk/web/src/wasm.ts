// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine's module: instantiating it, and moving texts and errors over. The functions are those of engine/web.h.
import { KerfError } from './errors.js';
import { TextDrawer } from './text.js';
import type { InitOptions } from './types.js';

type Pointer = number;

export interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  kw_alloc(size: number): Pointer;
  kw_free(p: Pointer): void;
  kw_create(): Pointer;
  kw_destroy(engine: Pointer): void;
  kw_status(engine: Pointer): number;
  kw_message(engine: Pointer): Pointer;
  kw_text(engine: Pointer): Pointer;
  kw_know(engine: Pointer, path: Pointer, facts: Pointer): number;
  kw_film_open(engine: Pointer, json: Pointer, length: number): Pointer;
  kw_film_close(film: Pointer): void;
  kw_film_info(film: Pointer): number;
  kw_film_fit(film: Pointer, width: number, height: number): number;
  kw_film_plan(film: Pointer, frame: number): number;
  kw_film_request(film: Pointer, index: number): Pointer;
  kw_film_put(film: Pointer, index: number, picture: Pointer): void;
  kw_film_render(film: Pointer, frame: number, format: number): Pointer;
  kw_film_forget(film: Pointer): void;
  kw_film_hash(film: Pointer): number;
  kw_lines(count: number): Pointer;
  kw_reel(engine: Pointer, config: Pointer, length: number): number;
  kw_reel_schema(engine: Pointer): number;
  kw_sound_open(film: Pointer): Pointer;
  kw_sound_close(sound: Pointer): void;
  kw_sound_render(sound: Pointer, first: number, n: number): Pointer;
  kw_process_open(engine: Pointer, effects: Pointer, width: number, height: number, rate: number): Pointer;
  kw_process_run(film: Pointer, input: Pointer, output: Pointer, frame: number): number;
  kw_catalog(engine: Pointer): number;
  kw_picture_create(format: number, width: number, height: number, color: number): Pointer;
  kw_picture_release(picture: Pointer): void;
  kw_picture_plane(picture: Pointer, plane: number): Pointer;
  kw_picture_stride(picture: Pointer, plane: number): number;
}

// kf_status of include/kerf/base.h
const CODES = [
  'ok', 'usage', 'parse', 'invalid', 'not_found', 'media', 'range', 'unsupported', 'exists', 'io', 'no_space', 'memory',
  'encode', 'cancelled', 'internal',
];

const ENOSYS = 52;

/** Fills the planes with samples of an asset from a position on. */
export type ReadSound = (asset: number, first: number, planes: Float32Array[]) => void;

function planesAt(buffer: ArrayBuffer, at: Pointer, count: number, n: number): Float32Array[] {
  return Array.from(new Uint32Array(buffer, at, count), (plane) => new Float32Array(buffer, plane, n));
}

/** What the engine asks of its host: a clock, an environment, which is empty, text and samples. */
function imports(wasm: () => Wasm): WebAssembly.Imports {
  const view = () => wasm().view;
  const text = new TextDrawer();
  return {
    wasi_snapshot_preview1: {
      clock_time_get(_clock: number, _precision: bigint, out: Pointer) {
        view().setBigUint64(out, BigInt(Math.round(performance.timeOrigin + performance.now())) * 1_000_000n, true);
        return 0;
      },
      environ_sizes_get(count: Pointer, bytes: Pointer) {
        view().setUint32(count, 0, true);
        view().setUint32(bytes, 0, true);
        return 0;
      },
      environ_get: () => 0,
    },
    kerf: {
      layout: (title: Pointer, count: Pointer) => text.layout(wasm(), wasm().cString(title), count),
      draw: (title: Pointer, glyphs: Pointer) => text.draw(wasm(), wasm().cString(title), glyphs),
      sound(asset: number, _stream: number, first: number, n: number, planes: Pointer, channels: number) {
        wasm().readSound(asset, first, planesAt(wasm().x.memory.buffer as ArrayBuffer, planes, channels, n));
      },
    },
    env: {
      emscripten_notify_memory_growth() {},
      __syscall_getcwd: () => -ENOSYS,
    },
  };
}

async function instantiate(source: InitOptions['wasm'], given: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  if (source instanceof WebAssembly.Module) return WebAssembly.instantiate(source, given);
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return (await WebAssembly.instantiate(source as BufferSource, given)).instance;
  }
  const response = source instanceof Response ? source : await fetch(source ?? new URL('./kerf.wasm', import.meta.url));
  if (!response.ok) {
    throw new KerfError('not_found', `${response.url || 'kerf.wasm'} cannot be loaded: ${response.status}`);
  }
  if (response.headers.get('Content-Type')?.startsWith('application/wasm')) {
    return (await WebAssembly.instantiateStreaming(response, given)).instance;
  }
  return (await WebAssembly.instantiate(await response.arrayBuffer(), given)).instance;
}

/** The module with one engine in it. */
export class Wasm {
  readonly x: Exports;
  engine: Pointer = 0;
  /** Set by who renders sound. */
  readSound: ReadSound = () => {};
  #bytes = new Uint8Array(0);
  #encoder = new TextEncoder();
  #decoder = new TextDecoder();

  private constructor(x: Exports) {
    this.x = x;
  }

  private start(): void {
    this.x._initialize();
    this.engine = this.x.kw_create();
    if (!this.engine) throw new KerfError('memory', 'out of memory');
  }

  static async load(source: InitOptions['wasm']): Promise<Wasm> {
    let wasm: Wasm | undefined;
    const instance = await instantiate(source, imports(() => wasm!));
    wasm = new Wasm(instance.exports as unknown as Exports);
    wasm.start();
    return wasm;
  }

  /** The engine's memory. It may move when the engine allocates: do not keep it. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const buffer = this.x.memory.buffer as ArrayBuffer;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes as Uint8Array<ArrayBuffer>;
  }

  get view(): DataView<ArrayBuffer> {
    return new DataView(this.x.memory.buffer as ArrayBuffer);
  }

  alloc(size: number): Pointer {
    return this.x.kw_alloc(size) || this.fail('memory', 'out of memory');
  }

  fail(code: string, message: string): never {
    throw new KerfError(code, message);
  }

  /** Throws what the engine says of the call that failed last. */
  failLast(): never {
    const code = CODES[this.x.kw_status(this.engine)] ?? 'internal';
    throw new KerfError(code, this.cString(this.x.kw_message(this.engine)));
  }

  check(status: number): void {
    if (status !== 0) this.failLast();
  }

  need(pointer: Pointer): Pointer {
    return pointer || this.failLast();
  }

  cString(at: Pointer): string {
    const end = this.bytes.indexOf(0, at);
    return this.#decoder.decode(this.bytes.subarray(at, end));
  }

  /** The text that the last call left. */
  text(): string {
    return this.cString(this.x.kw_text(this.engine));
  }

  /** Calls `use` with a text in the engine's memory, NUL-terminated; length is without the NUL. */
  withText<T>(text: string, use: (at: Pointer, length: number) => T): T {
    const encoded = this.#encoder.encode(text);
    const at = this.alloc(encoded.length + 1);
    this.bytes.set(encoded, at);
    this.bytes[at + encoded.length] = 0;
    try {
      return use(at, encoded.length);
    } finally {
      this.x.kw_free(at);
    }
  }
}
