// SPDX-License-Identifier: LGPL-2.1-or-later
// How long the engine takes for a frame in headless Chromium, and how large it is: node sdk/web/bench/bench.mjs

import { execFileSync } from 'node:child_process';

import { openPage } from '../test/browser.mjs';
import { dist, skip } from '../test/built.mjs';

const ROUNDS = 30;

const reel = { messages: Array.from({ length: 8 }, (_, i) => ({ sender: i % 2 ? 'me' : 'Mia',
  text: ['Are you coming tonight? 🎉', 'Yes! The train is 10 minutes late, save me a seat', 'ok'][i % 3], side: i % 2 ? 'right' : 'left' })) };
const effects = { blur: 8, sharpen: 0.5, brightness: 0.1, contrast: 1.2, saturation: 1.1 };

/** In the page: milliseconds of each case, best and median. */
async function measure([config, effects, rounds]) {
  const engine = await kerf.init({ wasm: '/kerf.wasm' });
  const film = await kerf.OpenFilm.open(engine, config, new kerf.MediaShelf(engine, undefined, () => {}));
  const image = new ImageData(1920, 1080);
  for (let i = 0, v = 1; i < image.data.length; i++) {
    v = Math.imul(v, 1664525) + 1013904223;
    image.data[i] = i % 4 === 3 ? 255 : v >>> 24;
  }
  const buffer = kerf.OptimizedBuffer.from(engine, image);
  const canvas = document.body.appendChild(document.createElement('canvas'));
  const preview = new kerf.Preview(canvas, { worker: false });
  await preview.setFilm(config);
  const middle = Math.floor(film.info.frames / 2);
  const anew = (format) => (i) => {
    film.film.forget(); // what stands still is not composed again
    return film.compose(middle + i, format);
  };
  const cases = {
    'chat frame 1080x1920, RGBA': anew('RGBA'),
    'chat frame 1080x1920, I420': anew('I420'),
    'chat frame as it plays, shown': (i) => preview.seek((middle + i) / film.info.rate),
    'blur 8, sharpen and colour on 1080p': () => buffer.apply(effects),
    'blur 8 on 1080p': () => buffer.apply({ blur: effects.blur }),
    'colour on 1080p': () => buffer.apply({ ...effects, blur: 0, sharpen: 0 }),
  };
  const results = {};
  for (const [name, run] of Object.entries(cases)) {
    const times = [];
    for (let i = 0; i < rounds; i++) {
      const start = performance.now();
      await run(i);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    results[name] = [times[0], times[rounds >> 1]];
  }
  return results;
}

if (skip) throw new Error(skip);
const { page, close } = await openPage(dist('index.js'), [dist('.')]);
try {
  const results = await page.evaluate(measure, [reel, effects, ROUNDS]);
  for (const [name, [best, median]] of Object.entries(results))
    console.log(`${name.padEnd(40)} best ${best.toFixed(1).padStart(6)} ms   median ${median.toFixed(1).padStart(6)} ms`);
} finally {
  await close();
}
const zipped = execFileSync('gzip', ['-9', '-c', dist('kerf.wasm')], { maxBuffer: 1 << 24 }).length;
console.log(`kerf.wasm${' '.repeat(32)}${(zipped / 1024).toFixed(0)} KB gzipped`);
