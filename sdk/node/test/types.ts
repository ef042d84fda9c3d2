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
  return `${version} ${file} ${picture.length}`;
}

use(AbortSignal.timeout(1000)).catch((error: KerfError) => (error.code === 'KERF_CANCELLED' ? error.field : error.file));
