// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures in the caller's memory: effects on them, and films made of them.
'use strict';
const path = require('node:path');
const { cancelled, usage } = require('./errors.cjs');
const { needsOf } = require('./memory.cjs');
const { invoke, native } = require('./native.cjs');
const { ENCODING, check, part, ratioOf } = require('./options.cjs');

const LAYOUTS = ['rgba', 'bgra', 'rgb24', 'i420', 'nv12'];
const SHAPE = { width: 'count', height: 'count', format: LAYOUTS, at: 'seconds', folder: 'text' };
const FRAMES = {
  width: 'count', height: 'count', format: LAYOUTS, fps: 'rate', output: 'text', container: 'text', effects: 'list', folder: 'text',
  sampleRate: 'count', channels: 'count', outputWidth: 'count', outputHeight: 'count', signal: 'signal', onProgress: 'function',
  priority: 'number', stream: 'flag',
};
/** What of a render's encoding is for frames too. */
const CODING = Object.fromEntries(['preset', 'videoCodec', 'audioCodec', 'speed', 'pixelFormat', 'profile', 'crf', 'videoBitrate',
  'audioBitrate', 'threads'].map((key) => [key, ENCODING[key]]));
const PROCESSORS = 8;

function needSize(options) {
  for (const side of ['width', 'height']) if (!options[side]) throw usage(side, 'it is needed');
}

/** The items of an iterable until the signal, also while it keeps us waiting. */
async function* until(signal, items) {
  const iterator = (items[Symbol.asyncIterator] ?? items[Symbol.iterator]).call(items);
  const stopped = new Promise((_, reject) => {
    if (signal.aborted) reject(cancelled());
    signal.addEventListener('abort', () => reject(cancelled()), { once: true });
  });
  try {
    for (;;) {
      const { value, done } = await Promise.race([stopped, iterator.next()]);
      if (done) return;
      yield value;
    }
  } finally {
    iterator.return?.()?.catch?.(() => {});
  }
}

class Frames {
  #core;
  #renderer;
  #processors = new Map();

  constructor(core, renderer) {
    this.#core = core;
    this.#renderer = renderer;
  }

  /** A new picture of the same size and layout: this one with the effects. */
  async process(buffer, shape, effects = []) {
    const { width, height, format = 'rgba', at, folder } = check(shape, SHAPE);
    needSize(shape);
    if (!ArrayBuffer.isView(buffer)) throw usage('buffer', 'it must be a Buffer or a Uint8Array');
    const processor = this.#processor({ width, height, folder, effects: JSON.stringify(effects) });
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const out = Buffer.allocUnsafeSlow(bytes.length), began = performance.now();
    await invoke('process', [processor, { width, height, format, at }, bytes, out]);
    this.#core.metrics.framesTook(1, (performance.now() - began) / 1000);
    return out;
  }

  /** Processors keep plans, tables and drawn text from frame to frame: the latest ones stay. */
  #processor(params) {
    const key = JSON.stringify(params), known = this.#processors.get(key);
    this.#core.metrics[known ? 'hits' : 'misses']++;
    const processor = known ?? native().processor(params);
    this.#processors.delete(key);
    this.#processors.set(key, processor);
    if (this.#processors.size > PROCESSORS) this.#processors.delete(this.#processors.keys().next().value);
    return processor;
  }

  /** A job that makes a film of the frames (Buffers) and sounds ({audio: Float32Array}) of an iterable. */
  encode(frames, options = {}) {
    const [encoding, own] = [part(options, CODING), part(check(options, { ...CODING, ...FRAMES }), FRAMES)];
    needSize(options);
    const { width, height, format = 'rgba', fps = 30, output, priority } = own;
    return this.#renderer.start(own, async (job, signal) => {
      const encoder = native().encoder(this.#encoderOptions(encoding, own));
      const needs = needsOf([width, height], encoding);
      const { value, ms } = await this.#renderer.turn(job, signal, { priority }, needs, async () => {
        const sink = this.#sink(job, output);
        const put = (what, bytes = Buffer.alloc(0)) => invoke('encode', [encoder, what, bytes]).then((done) => sink.put(done));
        try {
          await this.#feed(job, signal, frames, put, { width, height, format }, fps);
          const { report } = await put({ end: true });
          return { report, ...sink };
        } catch (error) {
          await invoke('encode', [encoder, { cancel: true }, Buffer.alloc(0)]).catch(() => {});
          throw error;
        }
      });
      const result = await this.#renderer.result(output && path.resolve(output), value.report, ms, value.bytes);
      return value.buffers.length ? { ...result, buffer: Buffer.concat(value.buffers) } : result;
    });
  }

  #encoderOptions(encoding, own) {
    const { width, height, fps = 30, output, container, effects, folder, sampleRate, channels, outputWidth, outputHeight } = own;
    const into = output ? { output: path.resolve(output), overwrite: true } : { chunks: true, container };
    return { ...encoding, ...into, width, height, rate: ratioOf(fps), effects: effects && JSON.stringify(effects), folder, sampleRate,
      channels: channels ?? (sampleRate ? 2 : undefined), outputWidth, outputHeight };
  }

  /** Where the bytes go that are not written to a file: to who iterates over the job, else into memory. */
  #sink(job, output) {
    const chunks = job.chunks(), sink = { bytes: 0, buffers: [] };
    sink.put = async (done) => {
      if (!done.bytes || output) return done;
      sink.bytes += done.bytes.length;
      if (chunks) await chunks(done.bytes);
      else sink.buffers.push(done.bytes);
      return done;
    };
    return sink;
  }

  async #feed(job, signal, frames, put, shape, fps) {
    const began = performance.now(), [over, under] = ratioOf(fps);
    const { progress } = this.#renderer.listeners(job);
    let frame = 0;
    for await (const item of until(signal, frames)) {
      if (item.audio) {
        await put({ sound: true }, Buffer.from(item.audio.buffer, item.audio.byteOffset, item.audio.byteLength));
        continue;
      }
      await put(shape, Buffer.from(item.buffer, item.byteOffset, item.byteLength));
      const seconds = (performance.now() - began) / 1000;
      progress({ stage: 'render', frame: ++frame, frames: -1, seconds, fps: frame / seconds,
        speed: (frame * under) / over / seconds, eta: -1 });
    }
  }
}

module.exports = { Frames };
