// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames with effects, encoded in a worker.
import { KerfError } from './errors.js';
import type { InitOptions, Picture, ProcessVideoConfig } from './types.js';
import { settingsOf } from './video-frames.js';
import type { VideoAnswer, VideoCall } from './video-worker.js';

/** Pictures in their order, at hand or as they are made. What can be closed is handed over. */
export type VideoInput = Iterable<Picture> | AsyncIterable<Picture>;

/** The worker, one call at a time. */
class VideoWorker {
  readonly #worker = new Worker(new URL('./video-worker.js', import.meta.url), { type: 'module' });

  call(message: VideoCall, transfer: Transferable[] = []): Promise<Uint8Array<ArrayBuffer> | null> {
    return new Promise((resolve, reject) => {
      this.#worker.onerror = (event) => reject(new KerfError('internal', event.message || 'the worker cannot be started'));
      this.#worker.onmessage = ({ data }: MessageEvent<VideoAnswer>) => {
        if ('error' in data) reject(new KerfError(data.error.code, data.error.message));
        else resolve(data.result);
      };
      this.#worker.postMessage(message, transfer);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}

function wasmOf(wasm: InitOptions['wasm']): Extract<VideoCall, { call: 'open' }>['wasm'] {
  if (wasm === undefined || wasm instanceof WebAssembly.Module || wasm instanceof ArrayBuffer) return wasm;
  if (wasm instanceof Response) throw new KerfError('usage', 'wasm: give an URL or a module: the video is made in a worker');
  return ArrayBuffer.isView(wasm) ? (wasm.slice().buffer as ArrayBuffer) : new URL(wasm, document.baseURI).href;
}

const closable = (picture: Picture): Transferable[] => ('close' in picture ? [picture] : []);
const lengthOf = (frames: VideoInput) => (Array.isArray(frames) ? frames.length : Number.NaN);

/** The frames with the effects of the config as the bytes of a file: MP4 for H.264, WebM for VP8 and VP9. */
export async function processVideo(frames: VideoInput, config: ProcessVideoConfig = {}, options: InitOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new VideoWorker();
  let done = 0;
  try {
    for await (const picture of frames) {
      if (config.signal?.aborted) throw new KerfError('cancelled', 'the video was cancelled');
      if (done === 0) await worker.call({ call: 'open', settings: settingsOf(config, picture), wasm: wasmOf(options.wasm) });
      await worker.call({ call: 'add', picture }, closable(picture));
      config.onProgress?.(++done, lengthOf(frames));
    }
    if (done === 0) throw new KerfError('invalid', 'frames: there is none');
    return (await worker.call({ call: 'finish' }))!;
  } finally {
    worker.end();
  }
}
