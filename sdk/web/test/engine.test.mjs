// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine as WebAssembly, in node and in a page: the same bits as the native one.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { openPage, skip as noPage } from './browser.mjs';
import { dist, kerf, skip } from './built.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kerf-web-'));
after(() => rmSync(folder, { recursive: true }));

/** What is drawn without media and text: shapes, moving layers, blends, effects, a transition. */
const film = {
  kerf: 1, size: [270, 480], rate: 30,
  tracks: [
    { clips: [{ generator: 'gradient', duration: 1,
      params: { stops: [[0, '#4158d0'], [0.5, '#c850c0'], [1, '#ffcc70']], angle: 70 } }] },
    { clips: [
      { generator: 'solid', params: { color: '#10a040' }, duration: 0.6, opacity: { keys: [{ t: 0, v: 0 }, { t: 0.4, v: 0.8 }] },
        transform: { scale: [0.5, 0.3], rotation: 17, offset: [40, -120] },
        effects: [{ effect: 'blur', radius: 6 }, { effect: 'vignette', amount: 0.6 }, { effect: 'grain', amount: 0.2 }] },
      { transition: 'wipe', duration: 0.3 },
      { generator: 'bars', duration: 0.4, blend_mode: 'soft_light' }] },
    { clips: [{ generator: 'shape', duration: 1, params: { kind: 'rounded', size: [151, 60.5], radius: 17, fill: '#ffffffd0',
      position: [120.25, 80], shadow_color: '#00000080', shadow_blur: 5 } }] },
    { clips: [{ generator: 'shape', duration: 1, params: { kind: 'ellipse', size: [90, 70], fill: '#0a7cff', stroke: '#102030',
      stroke_width: 6.5, position: [150, 200] } }] },
    { clips: [{ generator: 'shape', duration: 1, params: { kind: 'path', fill: '#ffcc00', feather: 2, position: [60, 330],
      path: 'M0 0C10 40 60 40 60 0S90 -30 100 10A30 20 25 1 1 60 60Q20 80 0 40Z' } }] },
    { clips: [{ adjustment: true, duration: 1, effects: [{ effect: 'hue', angle: 40 }, { effect: 'gamma', gamma: 1.3 },
      { effect: 'sharpen', amount: 0.5 }] }] },
  ],
};
const FRAMES = [0, 7, 16, 25];

function nativeHashes(json) {
  const path = join(folder, 'film.json');
  writeFileSync(path, JSON.stringify(json));
  const lines = execFileSync(kerf, ['render', path, '--hash', 'frames'], { encoding: 'utf8' }).split('\n');
  return FRAMES.map((n) => lines.find((line) => line.startsWith(`${n} `)).split(' ')[1]);
}

test('frames of a film have the hashes of the native engine', { skip }, async () => {
  const { init } = await import(dist('index.js'));
  const engine = await init({ wasm: readFileSync(dist('kerf.wasm')) });
  const loaded = engine.load(film);
  assert.deepEqual(loaded.info, { width: 270, height: 480, rate: 30, duration: 1, frames: 30, assets: [] });
  const hashes = FRAMES.map((n) => {
    assert.deepEqual(loaded.plan(n), []);
    loaded.render(n, 'I420');
    return loaded.hash();
  });
  assert.deepEqual(hashes, nativeHashes(film));
  loaded.close();
});

test('every export has its place in the reference', { skip }, async () => {
  const { init: _, ...rest } = await import(dist('index.js'));
  const headings = readFileSync(dist('API.md'), 'utf8').match(/^## .*$/gm);
  for (const name of Object.keys(rest)) assert.ok(headings.includes(`## ${name}`), name);
});

test('a film that is wrong is refused by place', { skip }, async () => {
  const { init } = await import(dist('index.js'));
  const engine = await init();
  const wrong = { ...film, tracks: [{ clips: [{ generator: 'solid', duration: 1, opacty: 0.5 }] }] };
  assert.throws(() => engine.load(wrong), {
    name: 'KerfError', code: 'invalid', message: /tracks\[0\]\.clips\[0\]\.opacty: unknown; did you mean "opacity"/,
  });
  assert.throws(() => engine.load('{"kerf": 1,'), { code: 'parse' });
});

test('a page composes the same frames', { skip: skip || noPage }, async () => {
  const { page, close } = await openPage(dist('index.js'), [dist('.')]);
  try {
    const hashes = await page.evaluate(async ([film, frames]) => {
      const engine = await kerf.init({ wasm: '/kerf.wasm' });
      const loaded = engine.load(film);
      return frames.map((n) => {
        loaded.plan(n);
        loaded.render(n, 'I420');
        return loaded.hash();
      });
    }, [film, FRAMES]);
    assert.deepEqual(hashes, nativeHashes(film));
  } finally {
    await close();
  }
});
