// SPDX-License-Identifier: LGPL-2.1-or-later
// Composed pictures on a canvas.
import type { PlacedPicture } from './picture.js';

export type AnyCanvas = HTMLCanvasElement | OffscreenCanvas;

/** An ImageData that is the engine's memory: rows as they lie there, so it may be wider than the picture. */
function view(picture: PlacedPicture): ImageData {
  const wide = picture.stride(0) / 4;
  const bytes = picture.plane(0);
  const clamped = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, wide * 4 * picture.height);
  return new ImageData(clamped, wide, picture.height);
}

/** Shows RGBA pictures as they are, byte for byte. */
export class Screen {
  readonly #context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

  constructor(readonly canvas: AnyCanvas) {
    const options = { alpha: false, desynchronized: false };
    this.#context = (canvas as HTMLCanvasElement).getContext('2d', options) as CanvasRenderingContext2D;
  }

  show(picture: PlacedPicture): void {
    const { width, height } = picture;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.#context.putImageData(view(picture), 0, 0, 0, 0, width, height);
  }
}
