// SPDX-License-Identifier: LGPL-2.1-or-later
// How much memory a render takes. Measured with H.264 at 540x960 to 2160x3840: a base, so many bytes for each pixel of the
// encoder's, and frames that are decoded ahead, which can be fewer.
'use strict';

const MB = 1e6;
const BASE = 100 * MB, AHEAD = 64 * MB, LEAST_AHEAD = 16 * MB;
const PER_PIXEL = {
  ultrafast: 40, superfast: 60, veryfast: 110, faster: 150, fast: 180, medium: 220, slow: 280, slower: 340, veryslow: 420,
};

function sizeOf(film, { width, height }) {
  if (width && height) return [width, height];
  const size = film?.size ?? film?.sequences?.[0]?.size;
  return Array.isArray(size) && size.every((side) => side > 0) ? size : [1920, 1080];
}

/** Bytes that a render of a film (an object, if it is at hand) needs at least, and would like. */
function needsOf(film, options) {
  const [width, height] = sizeOf(film, options);
  const encoder = BASE + width * height * (PER_PIXEL[options.speed] ?? PER_PIXEL.medium);
  return { least: encoder + LEAST_AHEAD, wanted: encoder + AHEAD };
}

/** Of the bytes that a job was given, those for frames decoded ahead; in whole MB. */
function aheadOf(bytes, { wanted }) {
  return Math.max(1, Math.floor((bytes - wanted + AHEAD) / MB)) * MB;
}

module.exports = { MB, aheadOf, needsOf };
