// SPDX-License-Identifier: LGPL-2.1-or-later
// The worker of processVideo: one video, then it ends.
import { Engine } from './engine.js';
import type { Picture } from './types.js';
import { type VideoSettings, VideoWriter } from './video-frames.js';

export type VideoCall =
  | { call: 'open'; settings: VideoSettings; wasm: string | ArrayBuffer | WebAssembly.Module | undefined }
  | { call: 'add'; picture: Picture }
  | { call: 'finish' | 'cancel' };
export type VideoAnswer = { result: Uint8Array<ArrayBuffer> | null } | { error: { code: string; message: string } };

let writer: VideoWriter | undefined;

async function run(message: VideoCall): Promise<Uint8Array<ArrayBuffer> | null> {
  if (message.call === 'open') {
    const engine = await Engine.create(message.wasm === undefined ? {} : { wasm: message.wasm });
    writer = await VideoWriter.open(engine, message.settings);
  } else if (message.call === 'add') {
    await writer!.add(message.picture);
  } else if (message.call === 'cancel') {
    await writer?.cancel();
  } else {
    return writer!.finish();
  }
  return null;
}

addEventListener('message', ({ data }: MessageEvent<VideoCall>) => {
  run(data).then(
    (result) => postMessage({ result } satisfies VideoAnswer, { transfer: result ? [result.buffer] : [] }),
    (error: Error & { code?: string }) =>
      postMessage({ error: { code: error.code ?? 'internal', message: error.message } } satisfies VideoAnswer),
  );
});
