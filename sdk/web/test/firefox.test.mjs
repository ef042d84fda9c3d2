// SPDX-License-Identifier: LGPL-2.1-or-later
// A reel in Debian's Firefox ESR: shown as the native engine does, in a worker and on the page, and playing.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bundle, serve, skip as noPage } from './browser.mjs';
import { dist, kerf, skip as notBuilt } from './built.mjs';

const FIREFOX = '/usr/bin/firefox-esr';
const skip = notBuilt || noPage || (existsSync(FIREFOX) ? false : 'firefox-esr is not installed');
const folder = mkdtempSync(join(tmpdir(), 'kerf-web-firefox-'));
const config = {
  videoSettings: { resolution: '540x960' },
  messages: [{ sender: 'Anna', text: 'Are you coming tonight? 😅' }, { sender: 'me', text: 'Yes! Should I bring anything?' }],
};
let heard;

/** Runs in the page: what a preview does there. */
const tryOut = async (config, worker) => {
  const canvas = document.createElement('canvas');
  const preview = new kerf.Preview(canvas, { wasm: '/kerf.wasm', workerUrl: '/worker.js', worker });
  const result = { warnings: [], frames: 0 };
  preview.on('warning', (message) => result.warnings.push(message));
  preview.on('frame', () => result.frames++);
  result.info = await preview.setFilm(config);
  await preview.seek(1);
  result.frames = 0;
  await preview.play();
  await new Promise((f) => setTimeout(f, 1000));
  result.played = preview.time - 1;
  preview.pause();
  await preview.seek(3.5);
  const copy = document.createElement('canvas');
  Object.assign(copy, { width: result.info.width, height: result.info.height });
  copy.getContext('2d').drawImage(canvas, 0, 0);
  result.picture = copy.toDataURL('image/png').split(',')[1];
  preview.close();
  return result;
};

/** Opens Firefox on a page that runs the script and posts what it gives. */
async function inFirefox(script) {
  const text = `<!doctype html><meta charset="utf-8"><body><script src="/bundle.js"></script><script>
    (${script}).then((result) => ({ result }), (error) => ({ error: error.message }))
      .then((said) => fetch('/said', { method: 'POST', body: JSON.stringify(said) }));</script>`;
  const source = (path) => bundle(join(import.meta.dirname, path));
  let listen;
  const said = new Promise((resolve) => (listen = resolve));
  const server = await serve([dist('.')], { '/': text, '/bundle.js': await source('page.ts'), '/worker.js': await source('../src/worker.ts') }, 0,
    { '/said': listen });
  const profile = join(folder, 'profile');
  const browser = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, `http://127.0.0.1:${server.address().port}/`],
    { stdio: 'ignore', detached: true, env: { ...process.env, HOME: folder } });
  const late = setTimeout(() => listen({ error: 'nothing was heard of Firefox for 60 s' }), 60000);
  const { result, error } = await said;
  clearTimeout(late);
  process.kill(-browser.pid, 'SIGKILL');
  server.close();
  if (error) throw new Error(error);
  return result;
}

before(async () => {
  if (skip) return;
  execFileSync('mkdir', [join(folder, 'profile')]);
  const run = (worker) => `await (${tryOut})(${JSON.stringify(config)}, ${worker})`;
  heard = await inFirefox(`(async () => [${run(true)}, ${run(false)}])()`);
});
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

for (const [i, where] of ['in a worker', 'on the page'].entries())
  test(`a reel ${where}`, { skip }, () => {
    const { info, frames, played, warnings, picture } = heard[i];
    assert.deepEqual([info.width, info.height, info.rate], [540, 960, 30]);
    assert.deepEqual(warnings, []);
    assert.ok(played > 0.7 && played < 2, `played ${played} s`);
    assert.ok(frames >= 2, `${frames} pictures`);
    writeFileSync(join(folder, 'web.png'), Buffer.from(picture, 'base64'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const run = (name, ...args) => execFileSync(name, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    run(kerf, 'reel', 'config.json', '-o', 'film.json', '--overwrite');
    run(kerf, 'frame', 'film.json', '--at', '3.5', '-o', 'native.png', '--overwrite');
    run('ffmpeg', '-v', 'error', '-y', '-i', 'native.png', '-i', 'web.png', '-lavfi',
      '[0]format=gbrp[a];[1]format=gbrp[b];[a][b]ssim=ssim.txt', '-f', 'null', '-');
    const alike = Number(/All:([0-9.]+)/.exec(readFileSync(join(folder, 'ssim.txt'), 'utf8'))[1]);
    assert.ok(alike >= 0.98, `SSIM ${alike}`);
  });
