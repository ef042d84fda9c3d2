// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of calls, as tables: what they may be, and how `kerf render` is told of them.
'use strict';
const { usage } = require('./errors.cjs');

const is = {
  flag: (v) => typeof v === 'boolean',
  text: (v) => typeof v === 'string' && v !== '' && !v.includes('\0'),
  whole: (v) => Number.isSafeInteger(v) && v >= 0,
  count: (v) => Number.isSafeInteger(v) && v > 0,
  number: (v) => Number.isFinite(v),
  seconds: (v) => Number.isFinite(v) && v >= 0 && v < 1e9,
  rate: (v) => ratioOf(v) !== undefined,
  function: (v) => typeof v === 'function',
  signal: (v) => v !== null && typeof v === 'object' && 'aborted' in v,
  list: (v) => Array.isArray(v),
  object: (v) => v !== null && typeof v === 'object',
};
const MEANS = {
  flag: 'true or false', text: 'a text', whole: 'a whole number, 0 or more', count: 'a whole number, 1 or more',
  number: 'a number', seconds: 'a number of seconds', rate: 'frames per second: 30, or "30000/1001"',
  function: 'a function', signal: 'an AbortSignal', list: 'a list', object: 'an object',
};

/** [numerator, denominator] of 30, 29.97 or "30000/1001". */
function ratioOf(rate) {
  const text = typeof rate === 'number' ? decimalRate(rate) : rate;
  const [, over, under = '1'] = /^(\d{1,7})(?:\/(\d{1,7}))?$/.exec(text) ?? [];
  return over > 0 && under > 0 ? [Number(over), Number(under)] : undefined;
}

/** 23.976, 29.97 and the like stand for their exact rates. */
function decimalRate(rate) {
  const exact = Math.round(rate * 1.001);
  if (Math.abs(exact / 1.001 - rate) < 0.005 && !Number.isInteger(rate)) return `${exact * 1000}/1001`;
  return Number.isInteger(rate) ? String(rate) : `${Math.round(rate * 1000)}/1000`;
}

function distance(a, b) {
  let row = [...b].map((_, i) => i + 1);
  [...a].forEach((letter, i) => {
    let corner = i, left = i + 1;
    row = row.map((up, j) => {
      const best = Math.min(up + 1, left + 1, corner + (letter !== b[j]));
      corner = up;
      return (left = best);
    });
  });
  return row.at(-1) ?? a.length;
}

/** The likeliest of some names for a mistyped one; undefined if none is like it. */
function closest(name, names) {
  const [best] = names.map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(1, name.length / 3) ? best.other : undefined;
}

/** Refuses keys that the table ({name: kind or list of choices}) has not, and values of another kind. */
function check(options, table, where = '') {
  if (!is.object(options)) throw usage(where || 'options', 'it must be an object');
  for (const [key, value] of Object.entries(options)) {
    const kind = Object.hasOwn(table, key) ? table[key] : undefined, field = where ? `${where}.${key}` : key;
    if (!kind) {
      const meant = closest(key, Object.keys(table));
      throw usage(field, `unknown${meant ? `; did you mean "${meant}"?` : `; there are ${Object.keys(table).join(', ')}`}`);
    }
    if (value === undefined || value === null) continue;
    if (Array.isArray(kind) ? !kind.includes(value) : !is[kind](value))
      throw usage(field, `it must be ${Array.isArray(kind) ? `one of ${kind.join(', ')}` : MEANS[kind]}`);
  }
  return options;
}

/** Of a render, with the words for `kerf render`. */
const WORDS = {
  sequence: '--sequence', preset: '--preset', videoCodec: '--video-codec', audioCodec: '--audio-codec', speed: '--speed',
  pixelFormat: '--pixel-format', profile: '--profile-name', crf: '--crf', videoBitrate: '--bitrate',
  audioBitrate: '--audio-bitrate', threads: '--threads', allowMissing: '--allow-missing', clampRanges: '--clamp-ranges',
  variableRate: '--vfr',
};
const ENCODING = {
  sequence: 'text', preset: 'text', videoCodec: 'text', audioCodec: 'text', speed: 'text', pixelFormat: 'text',
  profile: 'text', crf: 'whole', videoBitrate: 'count', audioBitrate: 'count', threads: 'count', allowMissing: 'flag',
  clampRanges: 'flag', variableRate: 'flag', start: 'seconds', end: 'seconds', width: 'count', height: 'count', rate: 'rate',
};

/** Of the encoding options, the command line's words. */
function wordsOf({ start, end, width, height, rate, ...others }) {
  const words = [];
  for (const [key, value] of Object.entries(others))
    if (typeof value === 'boolean') words.push(...(value ? [WORDS[key]] : []));
    else if (value !== undefined && value !== null) words.push(WORDS[key], String(value));
  if (start !== undefined || end !== undefined) words.push('--range', `${start ?? ''}..${end ?? ''}`);
  if (width && height) words.push('--size', `${width}x${height}`);
  if (rate) words.push('--rate', ratioOf(rate).join('/'));
  return words;
}

/** The same for the addon. */
const addonOptions = ({ rate, ...others }) => ({ ...others, rate: rate === undefined ? undefined : ratioOf(rate) });

/** Of options, those that a table has. */
const part = (options, table) => Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(table, key)));

/** Splits what a caller gave into what is for the encoder and what is for the job. */
const split = (options, table) => [part(options, ENCODING), part(options, table)];

module.exports = { ENCODING, addonOptions, check, is, part, ratioOf, split, wordsOf };
