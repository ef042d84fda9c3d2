// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures in the engine's memory.
import type { ColorSpace, PlanesFormat } from './types.js';
import type { Wasm } from './wasm.js';

/** kf_pixfmt of src/base/api/image.h. */
export const PIXEL_FORMAT = { I420: 5, I422: 6, I444: 7, NV12: 21, RGBA: 30 } as const satisfies Record<PlanesFormat, number>;

// Code points of ITU-T H.273, by WebCodecs' names.
const PRIMARIES: Record<string, number> = { bt709: 1, bt470bg: 5, smpte170m: 6, bt2020: 9, smpte432: 12 };
const TRANSFER: Record<string, number> =
  { bt709: 1, smpte170m: 6, linear: 8, 'iec61966-2-1': 13, pq: 16, hlg: 18 };
const MATRIX: Record<string, number> = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6, 'bt2020-ncl': 9 };
const UNSPECIFIED = 2;

function codePoints(color: ColorSpace | undefined): number {
  const primaries = PRIMARIES[color?.primaries ?? ''] ?? UNSPECIFIED;
  const transfer = TRANSFER[color?.transfer ?? ''] ?? UNSPECIFIED;
  const matrix = MATRIX[color?.matrix ?? ''] ?? UNSPECIFIED;
  const range = color?.fullRange == null ? 0 : color.fullRange ? 2 : 1;
  return primaries | (transfer << 8) | (matrix << 16) | (range << 24);
}

/** Bytes of a row and number of rows of a plane. */
function planeSize(format: PlanesFormat, width: number, height: number, plane: number): [number, number] {
  if (format === 'RGBA') return [width * 4, height];
  if (plane === 0) return [width, height];
  const halfWidth = (width + 1) >> 1, halfHeight = (height + 1) >> 1;
  if (format === 'NV12') return [halfWidth * 2, halfHeight];
  return [format === 'I444' ? width : halfWidth, format === 'I420' ? halfHeight : height];
}

export const PLANE_COUNT: Record<PlanesFormat, number> = { I420: 3, I422: 3, I444: 3, NV12: 2, RGBA: 1 };

/** A view of a picture in the engine's memory. */
export class PlacedPicture {
  constructor(
    readonly wasm: Wasm,
    readonly pointer: number,
    readonly format: PlanesFormat,
    readonly width: number,
    readonly height: number,
  ) {}

  /** A new picture whose samples are not set yet; to be released. */
  static create(wasm: Wasm, format: PlanesFormat, width: number, height: number, color?: ColorSpace): PlacedPicture {
    const pointer = wasm.x.kw_picture_create(PIXEL_FORMAT[format], width, height, codePoints(color));
    if (!pointer) wasm.fail('memory', `out of memory for a picture of ${width}x${height}`);
    return new PlacedPicture(wasm, pointer, format, width, height);
  }

  release(): void {
    this.wasm.x.kw_picture_release(this.pointer);
  }

  stride(plane: number): number {
    return this.wasm.x.kw_picture_stride(this.pointer, plane);
  }

  /** Where a plane begins in the engine's memory. */
  offset(plane: number): number {
    return this.wasm.x.kw_picture_plane(this.pointer, plane);
  }

  /** A plane as it lies in memory, its rows `stride(plane)` bytes apart. Valid until the engine allocates. */
  plane(plane: number): Uint8Array<ArrayBuffer> {
    const rows = planeSize(this.format, this.width, this.height, plane)[1];
    return new Uint8Array(this.wasm.x.memory.buffer as ArrayBuffer, this.offset(plane), rows * this.stride(plane));
  }

  /** Copies samples whose rows are `stride` bytes apart into a plane. */
  fill(plane: number, from: Uint8Array | Uint8ClampedArray, stride: number): void {
    const [bytes, rows] = planeSize(this.format, this.width, this.height, plane);
    const own = this.stride(plane), to = this.plane(plane);
    if (own === stride && from.length >= rows * stride) {
      to.set(from.subarray(0, rows * stride));
      return;
    }
    for (let y = 0; y < rows; y++) to.set(from.subarray(y * stride, y * stride + bytes), y * own);
  }

  /** The samples of a plane without padding. */
  packed(plane: number): Uint8Array<ArrayBuffer> {
    const [bytes, rows] = planeSize(this.format, this.width, this.height, plane);
    const own = this.stride(plane), from = this.plane(plane), out = new Uint8Array(bytes * rows);
    for (let y = 0; y < rows; y++) out.set(from.subarray(y * own, y * own + bytes), y * bytes);
    return out;
  }
}
