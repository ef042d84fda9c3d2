// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking at media, processing one file, raw frames, streams.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { VideoEngine, clip, folder, generated } from './harness.mjs';

let here, media;
const engine = new VideoEngine({ tempDirectory: folder() });
before(async () => { media = await clip(here = folder()); });
after(() => engine.close());

const fast = { speed: 'ultrafast' };
const size = (bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]; // of a PNG
const boxes = (bytes) => {
  const found = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) found.push(bytes.toString('latin1', at + 4, at + 8));
  return found;
};
async function collect(job) {
  const chunks = [];
  for await (const chunk of job) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('metrics have a help and a type each, and buckets that add up', async () => {
  const text = engine.metrics(), names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  assert.deepEqual(names.map(([, name]) => name), [...text.matchAll(/^# HELP (\S+) /gm)].map(([, name]) => name));
  for (const [, name, type] of names) {
    if (type === 'counter') assert.match(name, /_total$/);
    if (type !== 'histogram') continue;
    const counts = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="[^"]+"\\} (\\d+)$`, 'gm'))].map(([, count]) => Number(count));
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b));
    assert.match(text, new RegExp(`^${name}_count ${counts.at(-1)}$`, 'm'));
  }
  for (const line of text.trim().split('\n'))
    assert.match(line, /^(# (HELP|TYPE) kerf_\w+ .+|kerf_\w+(\{\w+="[^"]*"\})? [-+.e\d]+)$/);
});

test('thumbnails stand evenly, in the shape of the picture', async () => {
  const made = await engine.thumbnails(media, { count: 4, height: 90, format: 'png' });
  made.forEach(({ at }, i) => assert.ok(Math.abs(at - (0.25 + i / 2)) <= 0.25, `${at}`));
  assert.deepEqual(size(made[0].data), [160, 90]);
  assert.notDeepEqual(made[0].data, made[3].data);
  const [exact, ...others] = await engine.thumbnails(media, { at: [0.2, 1.96], width: 64 });
  assert.equal(exact.at, 0.2);
  assert.equal(others.length, 1);
  assert.equal(exact.data.readUInt16BE(0), 0xffd8); // JPEG
});

test('the waveform of a sine of 1/8 is as high everywhere', async () => {
  const { points, max, min, rms, duration, sampleRate } = await engine.waveform(media, { points: 20 });
  assert.equal(points, 20);
  assert.equal(sampleRate, 44100);
  assert.ok(Math.abs(duration - 2) < 0.1);
  for (let i = 1; i < 18; i++) {
    assert.ok(Math.abs(max[i] - 0.125) < 0.02, `${max[i]}`);
    assert.ok(Math.abs(min[i] + 0.125) < 0.02);
    assert.ok(Math.abs(rms[i] - 0.125 / Math.SQRT2) < 0.02);
  }
});

test('a file is looked at once', async () => {
  const own = new VideoEngine({ tempDirectory: folder() });
  for (let i = 0; i < 10; i++) await own.getVideoMetadata(media);
  assert.match(own.metrics(), /^kerf_cache_hits_total 9\n[^]*^kerf_cache_misses_total 1$/m);
  await assert.rejects(own.thumbnails(path.join(here, 'none.mp4')), { code: 'KERF_NOT_FOUND' });
  assert.match(own.metrics(), /^kerf_errors_total\{code="KERF_NOT_FOUND"\} 1$/m);
  await own.close();
});

test('processVideo scales, brightens and lays text over', async () => {
  const output = path.join(here, 'processed.mp4');
  const result = await engine.processVideo(media, output, {
    width: 160, height: 90, fps: 25, codec: 'h264', quality: 'medium', speed: 'ultrafast',
    effects: [{ brightness: 0.1, contrast: 1.2, saturation: 0.5, hueShift: 20, blur: 2, sharpen: 0.5 },
      { textOverlay: { text: 'Hello', x: 10, y: 10, fontSize: 20, color: '#ff0000' } }, { transition: 'fade' }],
  });
  assert.equal(result.durationMs, 2000);
  const { width, height, videoCodec, frames } = await engine.getVideoMetadata(output);
  assert.deepEqual({ width, height, videoCodec, frames }, { width: 160, height: 90, videoCodec: 'h264', frames: 50 });
  const first = await engine.processFrame(await rgba(output, 0), { width: 160, height: 90 }, []);
  const luma = first.reduce((sum, value, i) => sum + (i % 4 === 3 ? 0 : value), 0) / (160 * 90 * 3);
  assert.ok(luma < 12, `it begins with black: ${luma}`);
});

async function rgba(file, at) {
  const { run } = await import('./harness.mjs');
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-ss', String(at), '-i', file, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'],
    { encoding: 'buffer', maxBuffer: 1 << 26 });
  return stdout;
}

test('processVideo names what is wrong', async () => {
  assert.throws(() => engine.processVideo(media, 'x.mp4', {}, { nonsense: 1 }), { field: 'nonsense' });
  await assert.rejects(engine.processVideo(media, 'x.mp4', { effects: [{ brightnes: 1 }] }), { code: 'KERF_INVALID' });
  await assert.rejects(engine.processVideo(media, 'x.mp4', { codec: 'h265' }), { code: 'KERF_USAGE', field: 'codec' });
  const missing = path.join(here, 'none.mp4');
  await assert.rejects(engine.processVideo(missing, 'x.mp4'), { code: 'KERF_NOT_FOUND', file: missing });
});

test('processFrame gives a new picture and leaves the old one', async () => {
  const grey = Buffer.alloc(16 * 16 * 4, 100);
  const out = await engine.processFrame(grey, { width: 16, height: 16, format: 'rgba' }, [{ brightness: 0.2 }]);
  assert.equal(out.length, grey.length);
  assert.ok(out[0] > 140 && out[0] < 160, `${out[0]}`); // 100 + 0.2 * 255
  assert.ok(grey.every((value) => value === 100));
  await assert.rejects(engine.processFrame(grey, { width: 17, height: 16 }), { code: 'KERF_INVALID', field: 'buffer' });
  await assert.rejects(engine.processFrame(grey, { width: 16, height: 16 }, [{ effect: 'blurr' }]), { code: 'KERF_INVALID' });
});

async function* shades(count) {
  for (let i = 0; i < count; i++) yield Buffer.alloc(64 * 48 * 4, i * 10);
}

test('encodeFrames writes a file, or gives a Buffer', async () => {
  const output = path.join(here, 'frames.mp4');
  const result = await engine.encodeFrames(shades(20), { width: 64, height: 48, fps: 10, output, ...fast });
  assert.equal(result.durationMs, 2000);
  assert.equal((await engine.getVideoMetadata(output)).frames, 20);
  const { buffer, outputPath } = await engine.encodeFrames(shades(20), { width: 64, height: 48, fps: 10, ...fast });
  assert.equal(outputPath, null);
  assert.deepEqual(boxes(buffer).slice(0, 3), ['ftyp', 'moov', 'moof']);
});

test('encodeFrames stops when its frames fail, and leaves nothing', async () => {
  const inside = folder();
  async function* failing() {
    yield* shades(3);
    throw new Error('no more');
  }
  await assert.rejects(engine.encodeFrames(failing(), { width: 64, height: 48, output: path.join(inside, 'x.mp4') }), /no more/);
  assert.deepEqual(await fs.readdir(inside), []);
});

test('encodeFrames is stopped while it waits for a frame', async () => {
  const inside = folder(), abort = new AbortController();
  async function* slow() {
    yield* shades(2);
    await new Promise(() => {});
  }
  const job = engine.encodeFrames(slow(), { width: 64, height: 48, output: path.join(inside, 'x.mp4'), signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await assert.rejects(job, { code: 'KERF_CANCELLED' });
  assert.deepEqual(await fs.readdir(inside), []);
  assert.throws(() => engine.encodeFrames([], { width: 1, height: 1, start: 2 }), { code: 'KERF_USAGE', field: 'start' });
});

test('a job is iterated over while it renders, beside its file or without one', async () => {
  for (const inProcess of [false, true]) {
    const output = path.join(here, 'stream.mp4');
    const job = engine.render(generated('noise', 1), output, { ...fast, inProcess });
    const bytes = await collect(job);
    assert.deepEqual(boxes(bytes).slice(0, 3), ['ftyp', 'moov', 'moof']);
    assert.deepEqual(bytes, await fs.readFile(output));
    assert.equal((await job).fileSize, bytes.length);
    const alone = engine.render(generated('noise', 1), null, { ...fast, inProcess, stream: true });
    assert.equal((await collect(alone)).length, (await alone).fileSize);
    assert.equal((await alone).outputPath, null);
  }
});

test('a stream of what cannot be rendered is an error and no bytes', async () => {
  for (const film of [{ kerf: 1, trcks: [] }, { messges: [] }]) {
    const job = engine.render(film, null, { stream: true });
    await assert.rejects(collect(job), { code: 'KERF_INVALID' });
    await assert.rejects(job, { code: 'KERF_INVALID' });
  }
});

test('leaving the iteration stops the job', async () => {
  const inside = folder();
  const job = engine.render(generated('noise', 600), path.join(inside, 'long.mp4'), fast);
  for await (const chunk of job) if (chunk) break;
  await assert.rejects(job, { code: 'KERF_CANCELLED' });
  assert.deepEqual(await fs.readdir(inside), []);
});

test('optimizeVideo lands within 3 % below the size that was asked for', async () => {
  const large = path.join(here, 'large.mp4');
  await engine.render(generated('noise', 2), large, { crf: 10, ...fast });
  const before = (await fs.stat(large)).size, target = before / 2;
  const result = await engine.optimizeVideo(large, target / 1e6, fast);
  assert.equal(result.path, path.join(here, 'large-optimized.mp4'));
  assert.equal(result.originalSize, before);
  assert.equal(result.optimizedSize, (await fs.stat(result.path)).size);
  assert.ok(result.optimizedSize <= target && result.optimizedSize >= 0.97 * target, `${result.optimizedSize} of ${target}`);
  assert.ok(Math.abs(result.compressionRatio - before / result.optimizedSize) < 1e-9);
  assert.ok(result.qualityScore > 0.3 && result.qualityScore < 1);
  assert.equal(result.qualityMetric, 'ssim');
});

test('optimizeVideo is stopped and leaves nothing', async () => {
  const inside = folder(), abort = new AbortController();
  const job = engine.optimizeVideo(media, 0.02, { output: path.join(inside, 'out.mp4'), signal: abort.signal });
  await new Promise((resolve) => job.once('progress', resolve));
  abort.abort();
  await assert.rejects(job, { code: 'KERF_CANCELLED' });
  assert.deepEqual(await fs.readdir(inside), []);
});
