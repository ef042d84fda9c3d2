// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { VideoEngine, KerfError, clip, endless, folder, generated } from './harness.mjs';

let here, media;
const engine = new VideoEngine();
before(async () => {
  here = folder();
  media = await clip(here);
  await engine.initialize();
});

test('a film as an object, as JSON and as a file gives the same video', async () => {
  const film = generated('bars', 1);
  const file = path.join(here, 'film.json');
  await fs.writeFile(file, JSON.stringify(film));
  const sizes = [];
  for (const given of [film, JSON.stringify(film), file]) {
    const output = path.join(here, 'bars.mp4');
    const result = await engine.render(given, output);
    assert.equal(result.success, true);
    assert.equal(result.outputPath, output);
    assert.equal(result.durationMs, 1000);
    assert.equal(result.durationInSeconds, 1);
    assert.equal(result.fileSize, (await fs.stat(output)).size);
    assert.equal(result.sizeInBytes, result.fileSize);
    assert.ok(result.renderTimeMs > 0);
    sizes.push(result.fileSize);
  }
  assert.equal(new Set(sizes).size, 1);
});

test('progress is told and ends with the last frame', async () => {
  const told = [];
  const job = engine.render(generated('noise', 2), path.join(here, 'noise.mp4'), { onProgress: (p) => told.push(p) });
  await job;
  assert.ok(told.length > 0);
  assert.equal(told.at(-1).frames, 50);
  assert.ok(told.every((p) => p.frame >= 0 && p.frame <= 50));
});

test('a signal stops a render and leaves nothing', async () => {
  const inside = folder();
  const abort = new AbortController();
  const job = engine.render(endless, path.join(inside, 'out.mp4'), { signal: abort.signal });
  await new Promise((resolve) => job.once('progress', resolve));
  const from = performance.now();
  abort.abort();
  await assert.rejects(job, { name: 'KerfError', code: 'KERF_CANCELLED' });
  assert.ok(performance.now() - from < 500);
  assert.deepEqual(await fs.readdir(inside), []);
});

test('errors have a code, the file and the field', async () => {
  const film = { kerf: 1, tracks: [{ clips: [{ generator: 'bars', duration: 1, opacty: 0.5 }] }] };
  await assert.rejects(engine.render(film, path.join(here, 'x.mp4')), (error) => {
    assert.ok(error instanceof KerfError);
    assert.equal(error.code, 'KERF_INVALID');
    assert.equal(error.field, 'tracks[0].clips[0].opacty');
    assert.match(error.message, /did you mean "opacity"/);
    return true;
  });
  const missing = path.join(here, 'missing.mp4');
  await assert.rejects(engine.getVideoMetadata(missing), { code: 'KERF_NOT_FOUND', file: missing });
});

test('metadata of a file', async () => {
  const metadata = await engine.getVideoMetadata(media);
  const { width, height, fps, duration, frames, videoCodec, audioCodec, channels } = metadata;
  assert.deepEqual({ width, height, fps, duration, frames, videoCodec, audioCodec, channels }, {
    width: 320, height: 180, fps: 25, duration: 2, frames: 50, videoCodec: 'h264', audioCodec: 'aac', channels: 1 });
});

test('a frame as bytes and as a file', async () => {
  const bytes = await engine.extractFrame(media, { at: 0.5 });
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [320, 180]);
  const output = path.join(here, 'frame.jpg');
  assert.equal(await engine.extractFrame(media, { at: 1, output, width: 160, height: 90 }), output);
  assert.ok((await fs.stat(output)).size > 500);
});

test('with a variable rate a still takes few frames', async () => {
  const output = path.join(here, 'still.mp4');
  const { durationMs } = await engine.render(generated('bars', 2), output, { variableRate: true });
  assert.equal(durationMs, 2000);
  const { frames } = await engine.getVideoMetadata(output);
  assert.ok(frames < 25, `${frames}`);
});
