// SPDX-License-Identifier: LGPL-2.1-or-later
// Films and reels on canvases, and effects on frames, in a real page of a Vite project.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { serve, skip as noPage } from './browser.mjs';
import { dist, kerf, skip as notBuilt } from './built.mjs';

const root = join(import.meta.dirname, '..');
const skip = notBuilt || noPage;
const folder = mkdtempSync(join(tmpdir(), 'kerf-preview-'));
let browser, page, server;

/** A project that has the package from its published files, as `vite build` makes a site of it. */
async function buildProject() {
  const installed = join(folder, 'node_modules/@kerf/web');
  mkdirSync(installed, { recursive: true });
  cpSync(dist('.'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(root, 'node_modules/mediabunny'), join(folder, 'node_modules/mediabunny'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><body><script type="module" src="/main.js"></script>');
  writeFileSync(join(folder, 'main.js'), `import * as kerf from '@kerf/web';\nwindow.kerf = kerf;\n`);
  const { build } = await import('vite');
  await build({ root: folder, logLevel: 'error', build: { target: 'es2022' }, worker: { format: 'es' } });
  return join(folder, 'dist');
}

before(async () => {
  if (skip) return;
  server = await serve([await buildProject()], { '/favicon.ico': '' });
  const { chromium } = await import('playwright-core');
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('pageerror', (error) => console.error('page:', error.message));
  const { port } = server.address();
  await page.goto(`http://127.0.0.1:${port}/index.html`);
  await page.waitForFunction('window.kerf');
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

/** SSIM of two pictures in files. */
function similarity(a, b) {
  const { stderr } = spawnSync('ffmpeg', ['-i', a, '-i', b, '-lavfi', 'ssim', '-f', 'null', '-'], { encoding: 'utf8' });
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}

function savePng(name, url) {
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(url.split(',')[1], 'base64'));
  return path;
}

const reel = {
  messages: [
    { sender: 'Mia', text: 'Are you coming tonight? 🎉', side: 'left' },
    { text: 'Yes! The train is 10 minutes late, save me a seat', side: 'right' },
    { sender: 'Mia', text: 'مرحبا', side: 'left' },
  ],
};

test('a reel looks in the page as the native engine draws the same film', { skip }, async () => {
  const { film, info, png } = await page.evaluate(async (config) => {
    const canvas = document.createElement('canvas');
    const engine = await kerf.init();
    const shelf = new kerf.MediaShelf(engine, undefined, () => {});
    const film = await kerf.reelFilm(engine, config, shelf);
    const preview = new kerf.Preview(canvas, { worker: false });
    const info = await preview.setFilm(config);
    await preview.seek(info.duration - 0.5);
    const png = canvas.toDataURL();
    preview.close();
    return { film, info, png };
  }, reel);
  assert.deepEqual([info.width, info.height, info.rate], [1080, 1920, 30]);
  const path = join(folder, 'reel.json'), native = join(folder, 'native.png');
  writeFileSync(path, film);
  execFileSync(kerf, ['frame', path, '--at', String(info.duration - 0.5), '-o', native]);
  const got = similarity(savePng('page.png', png), native);
  assert.ok(got > 0.98, `SSIM ${got}`);
});

test('titles with outline, shadow, box and several lines stand where native puts them', { skip }, async () => {
  const film = {
    kerf: 1, size: [640, 360], rate: 25,
    tracks: [
      { clips: [{ generator: 'solid', params: { color: '#335577' }, duration: 1 }] },
      { clips: [{ generator: 'title', duration: 1, params: { text: 'Two lines\nand a box', size: 48, font: 'DejaVu Sans Bold',
        box: 'whole', outline_width: 3, shadow_color: '#000000c0', align: 'left', position: [40, 40], anchor_h: 'left', anchor_v: 'top' } }] },
      { clips: [{ generator: 'title', duration: 1, params: { text: 'wrapped where the line is full, by words', size: 30,
        font: 'DejaVu Sans', max_width: 300, position: [620, 340], anchor_h: 'right', anchor_v: 'bottom' } }] },
    ],
  };
  const png = await page.evaluate(async (json) => {
    const canvas = document.createElement('canvas');
    const preview = new kerf.Preview(canvas, { worker: false });
    await preview.setFilm(json);
    const png = canvas.toDataURL();
    preview.close();
    return png;
  }, film);
  const path = join(folder, 'titles.json'), native = join(folder, 'titles-native.png');
  writeFileSync(path, JSON.stringify(film));
  execFileSync(kerf, ['frame', path, '--at', '0', '-o', native]);
  const got = similarity(savePng('titles.png', png), native);
  assert.ok(got > 0.98, `SSIM ${got}`);
});

test('the preview plays in a worker, seeks, and ends', { skip }, async () => {
  const seen = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    document.body.append(canvas);
    const preview = new kerf.Preview(canvas);
    const film = { kerf: 1, size: [160, 90], rate: 20, tracks: [{ clips: [{ generator: 'noise', duration: 1 }] }] };
    const states = [], frames = [];
    preview.on('state', (state) => states.push(state));
    preview.on('frame', (time) => frames.push(time));
    const info = await preview.setFilm(film);
    await preview.seek(0.5);
    await preview.play();
    const playing = preview.state;
    await new Promise((resolve) => preview.on('state', (state) => state === 'ended' && resolve()));
    const { time } = preview;
    const refused = await preview.setFilm({ ...film, size: [0, 0] }).catch((error) => [error.name, error.code]);
    preview.close();
    return { states, frames, info, playing, time, refused };
  });
  assert.equal(seen.info.frames, 20);
  assert.equal(seen.playing, 'playing');
  assert.deepEqual(seen.states, ['playing', 'ended']);
  assert.deepEqual(seen.frames.slice(0, 2), [0, 0.5]);
  assert.ok(seen.frames.every((time, i) => i === 0 || time >= seen.frames[i - 1]), `${seen.frames}`);
  assert.equal(seen.time, 1);
  assert.deepEqual(seen.refused, ['KerfError', 'invalid']);
});

test('pictures of every kind arrive, upright and in their place', { skip }, async () => {
  const pixels = await page.evaluate(async () => {
    const flat = (r, g, b) => {
      const image = new ImageData(8, 8);
      for (let i = 0; i < 256; i += 4) image.data.set([r, g, b, 255], i);
      return image;
    };
    const yuv = { format: 'I420', width: 8, height: 8, color: { matrix: 'bt709', fullRange: false },
      planes: [{ data: new Uint8Array(64).fill(126), stride: 8 }, { data: new Uint8Array(16).fill(128), stride: 4 },
        { data: new Uint8Array(16).fill(128), stride: 4 }] };
    const made = { image: flat(200, 100, 50), bitmap: await createImageBitmap(flat(10, 220, 30)), planes: yuv,
      frame: new VideoFrame(flat(60, 70, 80).data, { format: 'RGBA', codedWidth: 8, codedHeight: 8, timestamp: 0 }) };
    const names = Object.keys(made);
    const media = { open: async ({ id }) => {
      if (id === 'missing') throw new Error('missing: gone');
      return { facts: { video: { width: 8, height: 8, duration: null } }, frameAt: async () => made[id], close() {} };
    } };
    const clip = (asset, x) => ({ clips: [{ asset, duration: 1,
      transform: { fit: 'none', position: [x * 8 + 4, 4] } }] });
    const film = { kerf: 1, size: [40, 8], rate: 25, background: '#000000',
      assets: Object.fromEntries([...names, 'missing'].map((id) => [id, `${id}.png`])),
      tracks: [...names, 'missing'].map(clip) };
    const canvas = document.createElement('canvas');
    const preview = new kerf.Preview(canvas, { media });
    const warnings = [];
    preview.on('warning', (message) => warnings.push(message));
    await preview.setFilm(film);
    const { data } = canvas.getContext('2d').getImageData(0, 4, 40, 1);
    preview.close();
    return { colors: names.map((_, i) => [...data.slice((i * 8 + 4) * 4, (i * 8 + 4) * 4 + 3)]), warnings };
  });
  assert.deepEqual(pixels.colors, [[200, 100, 50], [10, 220, 30], [128, 128, 128], [60, 70, 80]]);
  assert.deepEqual(pixels.warnings, ['missing: gone']);
});

test('effects on a frame: short forms, effects of the catalogue, in place', { skip }, async () => {
  const got = await page.evaluate(async () => {
    const image = new ImageData(2, 1);
    image.data.set([100, 150, 200, 255, 0, 128, 255, 255]);
    const list = async (effects) => [...(await kerf.processFrame(image, effects)).data];
    const engine = await kerf.init();
    const buffer = kerf.OptimizedBuffer.from(engine, image);
    const { pointer, length } = buffer;
    buffer.apply({ effect: 'invert' });
    const inPlace = [...buffer.data.slice(0, 8)];
    buffer.release();
    const canvas = document.createElement('canvas');
    await kerf.processVideoPreview(canvas, image, { effect: 'invert' });
    return {
      untouched: await list([]), brightness: await list({ brightness: 0.2 }), contrast: await list({ contrast: 1.2 }),
      grey: await list({ saturation: 0 }), both: await list([{ effect: 'invert' }, { brightness: 0.2 }]),
      inPlace, aligned: pointer % 64, length, shown: [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data],
      wrong: await list([{ effect: 'blur', radus: 3 }]).catch((error) => error.message),
      faded: await list({ transition: { type: 'fade', progress: 0.25 } }),
      into: await list({ brightness: 0.2, transition: { type: 'dissolve', progress: 0.5, to: new ImageData(new Uint8ClampedArray(8).fill(255), 2, 1) } }),
      effects: await kerf.getSupportedEffects(),
    };
  });
  assert.deepEqual(got.untouched, [100, 150, 200, 255, 0, 128, 255, 255]);
  assert.deepEqual(got.brightness.slice(0, 4), [151, 201, 251, 255]); // + 51
  assert.deepEqual(got.contrast.slice(0, 4), [95, 155, 215, 255]); // (v - 127.5) * 1.2 + 127.5
  assert.deepEqual(got.grey.slice(0, 4), [143, 143, 143, 255]); // 0.2126, 0.7152, 0.0722
  assert.deepEqual(got.both.slice(0, 4), [206, 156, 106, 255]);
  assert.deepEqual(got.inPlace, [155, 105, 55, 255, 255, 127, 0, 255]);
  assert.deepEqual([got.aligned, got.length], [0, 64]);
  assert.deepEqual(got.shown, [155, 105, 55, 255]);
  assert.deepEqual(got.faded.slice(0, 4), [25, 38, 50, 255]); // a quarter of it, 37.5 half a code up
  assert.deepEqual(got.into.slice(0, 4), [203, 228, 253, 255]);
  assert.match(got.wrong, /effects\[0\]\.radus: unknown; did you mean "radius"/);
  const blur = got.effects.find((effect) => effect.id === 'blur' && effect.kind === 'effect');
  assert.equal(blur.params.find((param) => param.id === 'radius').unit, 'px');
  assert.ok(got.effects.some((effect) => effect.kind === 'transition' && effect.id === 'dissolve'));
});

test('frames with effects become a file, in a worker', { skip }, async () => {
  const got = await page.evaluate(async () => {
    async function* frames() {
      for (let i = 0; i < 12; i++) {
        const image = new ImageData(64, 48);
        image.data.fill(255).forEach((_, k) => k % 4 < 3 && (image.data[k] = 20 * i));
        yield i % 2 ? image : await createImageBitmap(image);
      }
    }
    const seen = [];
    const bytes = await kerf.processVideo(frames(), { codec: 'vp8', fps: 24, effects: { effect: 'invert' }, onProgress: (n) => seen.push(n) });
    const source = await kerf.webMedia({ files: { made: new Blob([bytes]) } }).open({ index: 0, id: 'made', path: 'made' });
    const frame = await source.frameAt(6.5 / 24), luma = new Uint8Array(frame.allocationSize());
    await frame.copyTo(luma);
    frame.close();
    source.close();
    const stopped = await kerf.processVideo(frames(), { codec: 'vp8', signal: AbortSignal.abort() }).catch((error) => error.code);
    const none = await kerf.processVideo([]).catch((error) => error.message);
    return { head: [...bytes.slice(0, 4)], seen, facts: source.facts.video, luma: luma[64 * 24 + 32], stopped, none };
  });
  assert.deepEqual(got.head, [0x1a, 0x45, 0xdf, 0xa3]);
  assert.deepEqual(got.seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual([got.facts.width, got.facts.height], [64, 48]);
  assert.ok(Math.abs(got.facts.duration - 0.5) < 0.01, `${got.facts.duration}`);
  assert.ok(Math.abs(got.luma - 132) <= 3, `${got.luma}`); // 255 - 120 of the full range is 132 of the limited one
  assert.deepEqual([got.stopped, got.none], ['cancelled', 'frames: there is none']);
});

test('the built site is small enough', { skip }, () => {
  const size = execFileSync('gzip', ['-9', '-c', dist('kerf.wasm')], { maxBuffer: 1 << 24 }).length;
  assert.ok(size < 450 * 1024, `${size} bytes gzipped`);
  assert.ok(existsSync(join(folder, 'dist/index.html')));
});
