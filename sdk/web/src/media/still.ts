// SPDX-License-Identifier: LGPL-2.1-or-later
// Still pictures, with the values that the file holds: straight alpha, no colour conversion.

import { KerfError } from '../errors.js';
import type { FrameSource, MediaFacts, Planes } from '../types.js';

const SNIFFED: [string, number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/bmp', [0x42, 0x4d]],
];
const text = (bytes: Uint8Array, at: number, n: number) => String.fromCharCode(...bytes.subarray(at, at + n));

/** The type of a picture by its first 32 bytes; null: something else. */
export function pictureType(head: Uint8Array): string | null {
  for (const [type, magic] of SNIFFED) if (magic.every((byte, i) => head[i] === byte)) return type;
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP') return 'image/webp';
  if (text(head, 4, 8) === 'ftypavif') return 'image/avif';
  return /^\s*<(\?xml|svg)/.test(text(head, 0, 32)) ? 'image/svg+xml' : null;
}

function readBack(bitmap: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

const isOpaque = (pixels: Uint8ClampedArray) => {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 255) return false;
  return true;
};

/** The same picture at every time. */
export async function openStill(blob: Blob, name: string): Promise<FrameSource> {
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }).catch(() => {
    throw new KerfError('media', `${name}: is not a picture that this browser can read`);
  });
  const { width, height, data } = readBack(bitmap);
  bitmap.close();
  const facts: MediaFacts = { video: { width, height, duration: null, alpha: !isOpaque(data) } };
  const picture: Planes = { format: 'RGBA', width, height, planes: [{ data, stride: width * 4 }] };
  return { facts, frameAt: async () => picture, close: () => {} };
}
