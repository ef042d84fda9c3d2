// SPDX-License-Identifier: LGPL-2.1-or-later
// Small pictures of looks, made by the engine itself.

import { init, MediaShelf, OpenFilm, webMedia } from '../src/index.js';
import { ME, THEM } from './config.js';

const sample = (template: string) => ({
  template,
  videoSettings: { resolution: '360x640', fps: 30 },
  chatOverlay: { showHeader: false, fontSize: 96 },
  animationSettings: { showMessageAnimations: false },
  messages: [{ sender: THEM, text: 'Hello 👋' }, { sender: ME, text: 'Hi!' }],
});

let drawn: Promise<unknown> = Promise.resolve();

/** One after another: each takes a moment. */
export function drawLook(canvas: HTMLCanvasElement, template: string): Promise<void> {
  const mine = drawn.then(async () => {
    const engine = await init({ wasm: new URL('kerf.wasm', location.href) });
    const film = await OpenFilm.open(engine, sample(template), new MediaShelf(engine, webMedia(), () => {}));
    const { width, height, frames } = film.info;
    const context = canvas.getContext('2d')!;
    const picture = await film.compose(frames - 1, 'RGBA');
    [canvas.width, canvas.height] = [width, (width * 3) / 4]; // the top is where the messages are
    context.putImageData(new ImageData(new Uint8ClampedArray(picture.packed(0)), width, height), 0, 0);
    film.close();
  });
  drawn = mine.catch(() => {});
  return mine;
}
