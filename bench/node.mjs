// SPDX-License-Identifier: LGPL-2.1-or-later
// The Node SDK's costs: an import over bare node, the first picture of a reel, jobs one after another and at once.
//   KERF_NODE_FOLDER=build/release/sdk/node node bench/node.mjs
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SDK = fileURLToPath(new URL('../sdk/node/lib/index.cjs', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kerf-bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const config = {
  messages: [{ sender: 'Anna', text: 'Are you coming tonight? 🎉' }, { sender: 'me', side: 'right', text: 'Yes! Should I bring anything?' }],
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Milliseconds of wall time and of the processor that a script of its own says it took. */
function script(code) {
  const text = `(async () => { const from = performance.now(); ${code};
    const { user, system } = process.cpuUsage(); console.log(performance.now() - from, (user + system) / 1000); process.exit(); })()`;
  return execFileSync(process.execPath, ['-e', text], { encoding: 'utf8' }).trim().split(' ').map(Number);
}

function row(what, [wall, cpu], target) {
  console.log(`${what.padEnd(44)} ${wall.toFixed(0).padStart(6)} ms ${cpu.toFixed(0).padStart(6)} ms  ${target}`);
}

function medians(runs, codes) {
  const times = codes.map(() => []);
  for (let i = 0; i < runs; i++) codes.forEach((code, at) => times[at].push(script(code)));
  return times.map((all) => [0, 1].map((column) => median(all.map((each) => each[column]))));
}

const load = `const { VideoEngine } = require(${JSON.stringify(SDK)})`;
const first = `${load}; const engine = new VideoEngine({ inProcess: true, tempDirectory: ${JSON.stringify(folder)} });
  await engine.renderFrame(${JSON.stringify(config)}, { at: 1.5, format: 'jpg' })`;
console.log(`${''.padEnd(44)} ${'wall'.padStart(9)} ${'CPU'.padStart(9)}  target`);
const [bare, imported, picture] = medians(7, ['', load, first]);
row('import, over bare node', [imported[0] - bare[0], imported[1] - bare[1]], '20 ms');
row('first 1080x1920 picture of a reel, cold', [picture[0], picture[1] - bare[1]], '150 ms');

async function jobs(VideoEngine, count, atOnce) {
  const engine = new VideoEngine({ maxConcurrentJobs: atOnce, memoryLimit: 8192, tempDirectory: folder });
  const from = performance.now();
  await Promise.all(Array.from({ length: count }, (_, i) =>
    engine.render({ ...config, videoSettings: { resolution: '720x1280' } }, path.join(folder, `${i}.mp4`))));
  await engine.close();
  return (performance.now() - from) / 1000;
}

const { VideoEngine } = await import(SDK);
const alone = await jobs(VideoEngine, 8, 1);
for (const atOnce of [4, 8])
  console.log(`8 reels of 720x1280, ${atOnce} at once: ${((await jobs(VideoEngine, 8, atOnce)) / alone).toFixed(2)} of one after another (target 1.00)`);
