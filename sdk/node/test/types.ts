// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses the SDK as TypeScript sees it; compiled, never run.
import { KerfError, VideoEngine, version } from '@kerf/node';

async function use(signal: AbortSignal): Promise<string> {
  const engine = new VideoEngine({ maxConcurrentJobs: 2, memoryLimit: 1024 });
  await engine.initialize();
  const job = engine.render({ kerf: 1 }, 'out.mp4', { signal, onProgress: ({ frame, frames }) => frame / frames });
  job.on('progress', (progress) => progress.eta.toFixed());
  const result = await job;
  const seconds: number = result.durationInSeconds;
  const picture: Buffer = await engine.extractFrame('in.mp4', { at: seconds / 2 });
  const file: string = await engine.extractFrame('in.mp4', { output: 'frame.png' });
  // @ts-expect-error it is a number
  engine.render({}, 'out.mp4', { crf: 'high' });
  for await (const chunk of engine.render({ messages: [] }, null, { stream: true })) chunk.readUInt32BE(0);
  const { qualityScore } = await engine.optimizeVideo('in.mp4', 50);
  const smaller = await engine.processVideo('in.mp4', 'small.mp4', { codec: 'vp9', effects: [{ blur: 2 }, { effect: 'grain' }] });
  const [first] = await engine.thumbnails('in.mp4', { count: 3 });
  const { max } = await engine.waveform('in.mp4', { points: 10 });
  const frame = await engine.processFrame(new Uint8Array(4), { width: 1, height: 1, format: 'rgba' }, [{ textOverlay: { text: 'x' } }]);
  const { buffer } = await engine.encodeFrames([frame, { audio: new Float32Array(2) }], { width: 1, height: 1 });
  // @ts-expect-error there is no such codec
  engine.processVideo('in.mp4', 'out.mp4', { codec: 'h263' });
  engine.metrics().split(qualityScore.toFixed() + smaller.outputPath + first?.data.length + max[0] + buffer?.length);
  return `${version} ${file} ${picture.length}`;
}

use(AbortSignal.timeout(1000)).catch((error: KerfError) => (error.code === 'KERF_CANCELLED' ? error.field : error.file));
