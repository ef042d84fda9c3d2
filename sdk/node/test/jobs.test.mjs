// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders in processes: limits, priorities, crashes, cancelling.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { VideoEngine, endless, folder, generated, run } from './harness.mjs';

const engines = [];
function start(options) {
  const engine = new VideoEngine({ tempDirectory: folder(), ...options });
  engines.push(engine);
  return engine;
}
after(() => Promise.all(engines.map((engine) => engine.close())));

const short = generated('noise', 0.4);
const fast = { speed: 'ultrafast', threads: 1 };
const gauge = (engine, name) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(engine.metrics())[1]);
const once = (job, event) => new Promise((resolve) => job.once(event, resolve));

test('never more at once than allowed, the urgent first', async () => {
  const engine = start({ maxConcurrentJobs: 2 }), here = folder(), order = [], running = [];
  const jobs = [0, 0, 0, 5, 1].map((priority, i) => {
    const job = engine.render(short, path.join(here, `${i}.mp4`), { ...fast, priority });
    return job.on('start', () => { order.push(i); running.push(gauge(engine, 'kerf_jobs_running')); });
  });
  await Promise.all(jobs);
  assert.equal(Math.max(...running), 2);
  assert.deepEqual(order, [0, 1, 3, 4, 2]);
});

test('jobs wait for memory', async () => {
  const engine = start({ maxConcurrentJobs: 8, memoryLimit: 400 }), here = folder(), running = [];
  const film = { ...generated('bars', 0.2), size: [640, 360] }; // about 170 MB each
  const jobs = Array.from({ length: 5 }, (_, i) => engine.render(film, path.join(here, `${i}.mp4`), { threads: 1 })
    .on('start', () => running.push(gauge(engine, 'kerf_jobs_running'))));
  await Promise.all(jobs);
  assert.equal(Math.max(...running), 2);
});

test('a killed worker is begun anew once and neighbours do not notice', async () => {
  const engine = start({ maxConcurrentJobs: 8, memoryLimit: 8000 }), here = folder();
  const film = generated('noise', 1);
  const jobs = Array.from({ length: 8 }, (_, i) => engine.render(film, path.join(here, `${i}.mp4`), fast));
  const pid = await once(jobs[3], 'worker');
  process.kill(pid, 'SIGKILL');
  const results = await Promise.all(jobs);
  assert.ok(results.every(({ durationMs }) => durationMs === 1000));
  assert.equal(new Set(results.map(({ fileSize }) => fileSize)).size, 1);
  assert.equal((await fs.readdir(here)).length, 8);
  assert.match(engine.metrics(), /^kerf_recoveries_total 1$/m);
});

test('a worker that dies twice fails its job with a code and leaves nothing', async () => {
  const engine = start(), here = folder(), output = path.join(here, 'out.mp4');
  const job = engine.render(endless, output, fast);
  job.on('progress', ({ frame }) => frame > 0 && process.kill(pid, 'SIGKILL'));
  let pid;
  job.on('worker', (id) => { pid = id; });
  await assert.rejects(job, { code: 'KERF_CRASHED', file: output });
  assert.deepEqual(await fs.readdir(here), []);
  assert.match(engine.metrics(), /^kerf_errors_total\{code="KERF_CRASHED"\} 1$/m);
});

test('a signal stops a running job within 50 ms and leaves nothing', async () => {
  const engine = start(), here = folder(), times = [];
  for (let i = 0; i < 5; i++) {
    const abort = new AbortController();
    const job = engine.render({ ...endless, size: [1080, 1920] }, path.join(here, 'out.mp4'), { signal: abort.signal });
    await once(job, 'progress');
    const from = performance.now();
    abort.abort();
    await assert.rejects(job, { code: 'KERF_CANCELLED' });
    times.push(performance.now() - from);
    assert.deepEqual(await fs.readdir(here), []);
  }
  assert.ok(Math.min(...times) < 50, `${times}`); // the machine may be busy
});

test('a storm of cancelled jobs leaves a working engine', async () => {
  const engine = start({ memoryLimit: 8000 }), here = folder();
  const jobs = Array.from({ length: 60 }, (_, i) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), i * 7);
    return engine.render(endless, path.join(here, `${i}.mp4`), { ...fast, signal: abort.signal, priority: i % 3 });
  });
  const ends = await Promise.allSettled(jobs);
  assert.ok(ends.every(({ reason }) => reason?.code === 'KERF_CANCELLED'));
  assert.deepEqual(await fs.readdir(here), []);
  assert.equal((await engine.render(short, path.join(here, 'after.mp4'), fast)).durationMs, 400);
  assert.match(engine.metrics(), /^kerf_queue_depth 0$/m);
});

test('close stops all jobs and removes the temporary files', async () => {
  const tempDirectory = folder(), engine = start({ tempDirectory });
  const jobs = [0, 1, 2, 3, 4, 5].map((i) => engine.render(endless, path.join(folder(), `${i}.mp4`), fast));
  await once(jobs[0], 'progress');
  const ends = Promise.allSettled(jobs);
  await engine.close();
  assert.ok((await ends).every(({ reason }) => reason?.code === 'KERF_CANCELLED'));
  assert.deepEqual(await fs.readdir(tempDirectory), []);
  assert.throws(() => engine.render(short, 'x.mp4'), { code: 'KERF_USAGE' });
});

test('an engine that is not closed leaves nothing either, and keeps no process', async () => {
  const tempDirectory = folder(), sdk = JSON.stringify(new URL('../lib/index.cjs', import.meta.url).pathname);
  const { stdout } = await run(process.execPath, ['-e', `
    const { VideoEngine } = require(${sdk});
    const engine = new VideoEngine({ tempDirectory: ${JSON.stringify(tempDirectory)} });
    engine.render(${JSON.stringify(short)}, null, ${JSON.stringify(fast)}).then(({ durationMs }) => console.log(durationMs));`]);
  assert.equal(stdout, '400\n');
  assert.deepEqual(await fs.readdir(tempDirectory), []);
});

test('without an output the engine chooses a name in tempDirectory, and no other place', async () => {
  const tempDirectory = folder(), engine = start({ tempDirectory });
  const { outputPath } = await engine.render(short, undefined, { ...fast, name: 'story.mp4' });
  assert.ok(outputPath.startsWith(tempDirectory + path.sep));
  for (const name of ['../story.mp4', '/tmp/story.mp4', '..', 'a/../../b.mp4', 'a\\b.mp4'])
    await assert.rejects(engine.render(short, undefined, { name }), { code: 'KERF_USAGE', field: 'name' });
});

test('options are checked', () => {
  const engine = start();
  assert.throws(() => engine.render(short, 'x.mp4', { crff: 20 }), { code: 'KERF_USAGE', field: 'crff', message: /did you mean "crf"/ });
  assert.throws(() => engine.render(short, 'x.mp4', { crf: 'high' }), { code: 'KERF_USAGE', field: 'crf' });
  assert.throws(() => new VideoEngine({ maxConcurrentJobs: 0 }), { field: 'maxConcurrentJobs' });
});
