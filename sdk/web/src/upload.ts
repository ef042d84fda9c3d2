// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures of every kind into the engine's memory.
import { PLANE_COUNT, PlacedPicture } from './picture.js';
import type { ColorSpace, Picture, Planes, PlanesFormat } from './types.js';
import type { Wasm } from './wasm.js';

const DIRECT: Partial<Record<VideoPixelFormat, PlanesFormat>> = { I420: 'I420', I422: 'I422', I444: 'I444', NV12: 'NV12', RGBA: 'RGBA' };

let scratch: OffscreenCanvasRenderingContext2D | undefined;

/** What a picture looks like on a canvas. */
function pixelsOf(source: CanvasImageSource, width: number, height: number): ImageData {
  scratch ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  Object.assign(scratch.canvas, { width, height });
  scratch.drawImage(source, 0, 0, width, height);
  return scratch.getImageData(0, 0, width, height);
}

/** Straight from the decoder's memory into the engine's. The engine may allocate meanwhile, which moves its memory: then
 * the copy is made again. */
async function copyFrame(wasm: Wasm, frame: VideoFrame, format: PlanesFormat): Promise<PlacedPicture> {
  const { width, height } = frame.visibleRect!;
  const placed = PlacedPicture.create(wasm, format, width, height, frame.colorSpace as ColorSpace);
  const planes = Array.from({ length: PLANE_COUNT[format] }, (_, p) => p);
  const base = placed.offset(0);
  const layout = planes.map((p) => ({ offset: placed.offset(p) - base, stride: placed.stride(p) }));
  const last = planes.at(-1)!;
  const size = layout[last]!.offset + placed.plane(last).length;
  for (;;) {
    const memory = wasm.x.memory.buffer;
    try {
      await frame.copyTo(new Uint8Array(memory, base, size), { layout });
      if (memory === wasm.x.memory.buffer) return placed;
    } catch (error) {
      if (memory === wasm.x.memory.buffer) {
        placed.release();
        throw error;
      }
    }
  }
}

function copyPlanes(wasm: Wasm, planes: Planes): PlacedPicture {
  const placed = PlacedPicture.create(wasm, planes.format, planes.width, planes.height, planes.color);
  planes.planes.forEach((plane, p) => placed.fill(p, plane.data, plane.stride));
  return placed;
}

const imagePlanes = ({ data, width, height }: ImageData): Planes =>
  ({ format: 'RGBA', width, height, planes: [{ data: data as Uint8ClampedArray, stride: width * 4 }] });

export function isFrame(picture: Picture): picture is VideoFrame {
  return typeof VideoFrame !== 'undefined' && picture instanceof VideoFrame;
}

export function isBitmap(picture: Picture): picture is ImageBitmap {
  return typeof ImageBitmap !== 'undefined' && picture instanceof ImageBitmap;
}

/** A new picture in the engine's memory, to be released. The one that is given is left as it is. */
export async function upload(wasm: Wasm, picture: Picture): Promise<PlacedPicture> {
  if (isFrame(picture)) {
    const format = picture.format && DIRECT[picture.format];
    if (format) return copyFrame(wasm, picture, format);
    return copyPlanes(wasm, imagePlanes(pixelsOf(picture, picture.displayWidth, picture.displayHeight)));
  }
  if (isBitmap(picture)) return copyPlanes(wasm, imagePlanes(pixelsOf(picture, picture.width, picture.height)));
  return copyPlanes(wasm, 'planes' in picture ? picture : imagePlanes(picture));
}
