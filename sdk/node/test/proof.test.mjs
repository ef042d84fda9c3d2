// SPDX-License-Identifier: LGPL-2.1-or-later
// What must hold over many jobs, threads and contexts. KERF_SOAK=500: the long form, that many jobs.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { VideoEngine, clip, endless, folder, generated, run } from './harness.mjs';

const SOAK = Number(process.env.KERF_SOAK ?? 0), JOBS = SOAK || 30, CONFIGS = SOAK ? 1000 : 120;
const SDK = fileURLToPath(new URL('../lib/index.cjs', import.meta.url));
const fast = { speed: 'ultrafast', threads: 1 };
const engine = new VideoEngine({ tempDirectory: folder() });
after(() => engine.close());

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const memory = () => {
  collect();
  return process.memoryUsage.rss();
};

/** Numbers from 0 to 1, the same each time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const reel = {
  template: 'modern-light', videoSettings: { resolution: '90x160', fps: 5, quality: 'low' },
  backgroundSettings: { backgroundType: 'gradient', backgroundOpacity: 80, blur: 2 },
  animationSettings: { messageAnimationType: 'slide', animationSpeed: 1, transitionDuration: 300 },
  messages: [{ sender: 'Anna', text: 'Hello 👩‍👩‍👧 مرحبا', delay: 0.2 }, { sender: 'me', side: 'right', text: 'Yes', audioDuration: 0.5 }],
};
const film = {
  kerf: 1, size: [96, 54], rate: 10, tracks: [{ clips: [{ generator: 'bars', duration: 0.3, effects: [{ effect: 'blur', radius: 2 }] },
    { transition: 'dissolve', duration: 0.1 }, { generator: 'title', duration: 0.3, params: { text: 'x', size: 12 } }] }],
};
const STRANGE = [null, true, -1, 0, 1e300, -1e-300, 2 ** 53, '', 'x', '\u0000', '../../etc/passwd', '{"a":1}', [], [[]], {}, '#zzz', 'NaN', '12:34:56:78'];

function places(value, keys = []) {
  const inside = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [keys, ...inside.flatMap(([key, of]) => places(of, [...keys, key]))];
}

/** A copy with a few values replaced, removed or misnamed; now and then with bytes changed. */
function mutate(config, next) {
  const pick = (list) => list[Math.floor(next() * list.length)], copy = structuredClone(config);
  for (let i = 0; i <= next() * 3; i++) {
    const keys = pick(places(copy).slice(1)), last = keys.at(-1);
    const at = keys.slice(0, -1).reduce((inside, key) => inside?.[key], copy);
    if (at === null || typeof at !== 'object') continue;
    const how = next();
    if (how < 0.6) at[last] = pick(STRANGE);
    else if (how < 0.8) delete at[last];
    else at[`${last}x`] = at[last];
  }
  const text = JSON.stringify(copy), cut = Math.floor(next() * text.length);
  return next() < 0.15 ? text.slice(0, cut) + pick(['', '"', '}', '\\u', '[', 'e9']) + text.slice(cut + 1) : text;
}

test(`${CONFIGS} mutated configs, rendered in this process, end with a file or a coded error`, async () => {
  const next = random(7), here = folder(), ends = {};
  for (let i = 0; i < CONFIGS; i++) {
    const job = engine.render(mutate(i % 2 ? reel : film, next), path.join(here, 'out.mp4'),
      { ...fast, inProcess: true, end: 0.2, width: 64, height: 36 });
    const code = await job.then(() => 'ok', (error) => error.code ?? error.stack);
    ends[code] = (ends[code] ?? 0) + 1;
  }
  const known = ['ok', 'KERF_PARSE', 'KERF_INVALID', 'KERF_NOT_FOUND', 'KERF_USAGE', 'KERF_RANGE', 'KERF_UNSUPPORTED', 'KERF_MEDIA', 'KERF_MEMORY'];
  assert.deepEqual(Object.keys(ends).filter((code) => !known.includes(code)), [], JSON.stringify(ends));
  assert.ok(ends.ok > CONFIGS / 20, JSON.stringify(ends));
});

for (const inProcess of [false, true])
  test(`memory stays over ${JOBS} jobs ${inProcess ? 'here' : 'in processes'}`, async () => {
    const output = path.join(folder(), 'out.mp4'), job = () => engine.render(generated('bars', 0.2), output, { ...fast, inProcess });
    for (let i = 0; i < 10; i++) await job();
    const before = memory();
    for (let i = 0; i < JOBS; i++) await job();
    const slope = (memory() - before) / JOBS / 1e6;
    assert.ok(slope <= (SOAK ? 0.1 : 0.4), `${slope} MB a job`);
  });

test('picture and sound of 200 clips in a row are as long as each other, to a frame of sound', async () => {
  const media = await clip(folder(), 4), output = path.join(folder(), 'long.mp4');
  const clips = Array.from({ length: 200 }, (_, i) => ({ asset: 'a', in: (i % 37) / 10, duration: `${2 + (i % 3)}f` }));
  const film200 = { kerf: 1, size: [160, 90], rate: '30000/1001', sample_rate: 44100, assets: { a: media }, tracks: [{ clips }] };
  const { durationInSeconds } = await engine.render(film200, output, fast);
  const { streams } = await engine.getVideoMetadata(output);
  const [video, audio] = ['video', 'audio'].map((kind) => streams.find(({ type }) => type === kind).duration);
  assert.ok(Math.abs(video - durationInSeconds) < 0.001, `${video} and ${durationInSeconds}`);
  assert.ok(Math.abs(video - audio) <= 1024 / 44100, `${video} and ${audio}`);
});

test('worker threads render at once, and one that is ended takes its renders along', async () => {
  const here = folder();
  const code = `
    const { parentPort, workerData: { sdk, film, output } } = require('node:worker_threads');
    const { VideoEngine } = require(sdk);
    const job = new VideoEngine({ inProcess: true }).render(film, output, ${JSON.stringify(fast)});
    job.once('progress', () => parentPort.postMessage('progress'));
    job.then(({ durationMs }) => parentPort.postMessage(durationMs), ({ message }) => parentPort.postMessage(message));`;
  const start = (given, name) => new Worker(code, { eval: true, workerData: { sdk: SDK, film: given, output: path.join(here, name) } });
  const durations = await Promise.all([0, 1, 2].map((i) => new Promise((resolve, reject) => {
    start(generated('noise', 0.4), `${i}.mp4`).on('message', (said) => said !== 'progress' && resolve(said)).on('error', reject);
  })));
  assert.deepEqual(durations, [400, 400, 400]);
  const doomed = start(endless, 'endless.mp4');
  await new Promise((resolve) => doomed.once('message', resolve));
  await doomed.terminate();
  assert.equal((await engine.render(generated('bars', 0.2), path.join(here, 'after.mp4'), { ...fast, inProcess: true })).durationMs, 200);
  const { readdir } = await import('node:fs/promises');
  assert.deepEqual((await readdir(here)).sort(), ['0.mp4', '1.mp4', '2.mp4', 'after.mp4']);
});

test('the addon is loaded into several contexts of one process', async () => {
  const require = createRequire(import.meta.url), addon = path.join(process.env.KERF_NODE_FOLDER, 'kerf.node');
  const first = require(addon);
  delete require.cache[require.resolve(addon)];
  const second = require(addon);
  assert.notEqual(first, second);
  const describe = (native) => new Promise((resolve) => { native.describe({ what: 'formats' }, (event, text) => resolve([event, text.length])); });
  const ends = await Promise.all([describe(first), describe(second), describe(first)]);
  assert.ok(ends.every(([event, length]) => event === 'done' && length === ends[0][1]));
  assert.throws(() => first.render({ outptu: 'x' }, () => {}), { code: 'KERF_USAGE' });
  assert.throws(() => first.render(), { code: 'KERF_USAGE' });
});

test('importing it takes at most 20 ms more than starting node', async () => {
  const time = async (code) => { // of the processor: the machine may be busy
    const { stdout } = await run(process.execPath, ['-e', `${code};const { user, system } = process.cpuUsage();console.log(user + system)`]);
    return Number(stdout) / 1000;
  };
  const bare = [], imported = [];
  for (let i = 0; i < 7; i++) {
    bare.push(await time(''));
    imported.push(await time(`require(${JSON.stringify(SDK)})`));
  }
  const more = Math.min(...imported) - Math.min(...bare);
  assert.ok(more <= 20, `${more} ms`);
});
