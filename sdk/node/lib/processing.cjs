// SPDX-License-Identifier: LGPL-2.1-or-later
// processVideo(): an ordinary film of one file with effects.
'use strict';
const path = require('node:path');
const { check, is } = require('./options.cjs');

const QUALITY = { h264: { low: 28, medium: 23, high: 18, ultra: 14 }, vp9: { low: 40, medium: 34, high: 28, ultra: 20 } };
QUALITY.vp8 = QUALITY.vp9;
const CONFIG = {
  width: 'count', height: 'count', fps: 'rate', codec: ['h264', 'vp8', 'vp9'], quality: Object.keys(QUALITY.h264), effects: 'list',
  fit: ['contain', 'cover', 'stretch'], start: 'seconds', end: 'seconds', audio: 'flag', speed: 'text', crf: 'whole',
};
const TRANSITION = { type: 'text', duration: 'seconds', at: ['start', 'end', 'both'] };
const NAMES = { fade: 'dissolve' };

/** The transitions of the list, which begin or end the film, and the rest of it. */
function takeTransitions(effects) {
  const transitions = [], rest = [];
  effects.forEach((effect, i) => {
    const { transition, ...others } = is.object(effect) ? effect : { others: effect };
    if (transition) transitions.push(check(is.object(transition) ? transition : { type: transition }, TRANSITION, `effects[${i}].transition`));
    if (!transition || Object.keys(others).length) rest.push(transition ? others : effect);
  });
  return [transitions, rest];
}

const itemOf = ({ type = 'dissolve', duration = 0.5 }) => ({ transition: NAMES[type] ?? type, duration });

function withTransitions(clip, transitions) {
  const at = (place) => transitions.filter(({ at: where = 'both' }) => where === place || where === 'both').map(itemOf).slice(0, 1);
  return [...at('start'), clip, ...at('end')];
}

/** Effects in their normal form on a clip; what is laid over gets a track of its own, and so do effects on both. */
function tracksOf(clip, effects, duration, transitions) {
  const first = effects.findIndex((effect) => effect.generator);
  const own = first < 0 ? effects : effects.slice(0, first);
  const over = first < 0 ? [] : effects.slice(first).map((effect) => ({ clips: [effect.generator ?
    { ...effect, duration } : { adjustment: true, duration, effects: [effect] }] }));
  return [{ clips: withTransitions({ ...clip, ...(own.length && { effects: own }) }, transitions) }, ...over];
}

/**
 * The film and the encoding of a processing config; `normal` brings effects into their normal form.
 * @returns {film, encoding}
 */
async function filmOf(input, config, description, normal) {
  const { width, height, fps, codec = 'h264', quality = 'high', effects = [], fit = 'contain', ...others } = check(config, CONFIG);
  const { start, end, audio, speed, crf } = others;
  const [transitions, rest] = takeTransitions(effects);
  const clip = { asset: 'media', in: start, out: end, audio, transform: { fit } };
  const length = (end ?? description.duration) - (start ?? 0);
  const even = (side) => side && side + (side % 2);
  const size = [even(width ?? description.width), even(height ?? description.height)];
  const film = {
    kerf: 1, size, rate: fps, assets: { media: path.resolve(input) },
    tracks: tracksOf(clip, await normal(rest), length, transitions),
  };
  return { film, encoding: { videoCodec: codec, crf: crf ?? QUALITY[codec][quality], speed } };
}

module.exports = { filmOf };
