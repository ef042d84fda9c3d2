// SPDX-License-Identifier: LGPL-2.1-or-later
// How much memory a render takes. Measured with H.264 at 540x960 to 2160x3840: a base, so many bytes for each pixel of the
// encoder's, and frames that are decoded ahead, which can be fewer.
'use strict';

const MB = 1e6;
const BASE = 100 * MB, AHEAD = 64 * MB, LEAST_AHEAD = 16 * MB;
const PER_PIXEL = {
  ultrafast: 40, superfast: 100, veryfast: 120, faster: 150, fast: 180, medium: 220, slow: 260, slower: 320, veryslow: 380,
};

/** Bytes that an encode of this size needs at least, and would like. */
function needsOf(size, { width, height, speed }) {
  const [across, down] = width && height ? [width, height] : size ?? [1920, 1080];
  const pixels = Number(across) * Number(down) || 1920 * 1080;
  const encoder = BASE + pixels * (PER_PIXEL[speed] ?? PER_PIXEL.medium);
  return { least: encoder + LEAST_AHEAD, wanted: encoder + AHEAD };
}

/** Of the bytes that a job was given, those for frames decoded ahead; in whole MB. */
function aheadOf(bytes, { wanted }) {
  return Math.max(1, Math.floor((bytes - wanted + AHEAD) / MB)) * MB;
}

module.exports = { MB, aheadOf, needsOf };
