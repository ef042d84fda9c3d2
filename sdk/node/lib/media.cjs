// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking at media: in a process of its own, since files may be anybody's; what was learnt stays in memory.
'use strict';
const fs = require('node:fs/promises');
const path = require('node:path');
const { Helper } = require('./helper.cjs');
const { metadataOf } = require('./metadata.cjs');
const { call } = require('./native.cjs');
const { check } = require('./options.cjs');

const FORMATS = ['png', 'jpg', 'webp'];
const FRAME = { at: 'seconds', output: 'text', width: 'count', height: 'count', format: FORMATS };
const THUMBNAILS = { count: 'count', at: 'list', width: 'count', height: 'count', format: FORMATS };
const WAVEFORM = { points: 'count', channel: 'whole' };

class Media {
  #core;
  #helper = new Helper();

  constructor(core) {
    this.#core = core;
  }

  close() {
    this.#helper.close();
  }

  #call(name, options, signal) {
    return this.#core.options.inProcess ? call(name, options, { signal }) : this.#helper.call(name, options, { signal });
  }

  /** What a media file is. */
  async describe(file) {
    const at = path.resolve(file);
    return this.#core.cache.ofFile(at, 'describe',
      async () => metadataOf(JSON.parse(await this.#call('describe', { what: 'media', path: at }))));
  }

  /** The picture at a time, as a file, or the bytes of one. */
  async frame(input, options = {}) {
    const { output, at = 0, width, height, format = 'png' } = check(options, FRAME);
    const file = path.resolve(input), shape = await this.#shape(file, width, height);
    if (output) {
      await this.#write(file, at, path.resolve(output), shape);
      return path.resolve(output);
    }
    return Buffer.from(await this.#bytes(file, at, format, shape));
  }

  #bytes(file, at, format, shape) {
    return this.#core.cache.ofFile(file, ['frame', at, format, shape], () =>
      this.#core.temp.with(`frame.${format}`, undefined, (into) => this.#write(file, at, into, shape).then(() => fs.readFile(into))));
  }

  /** One side follows from the other. */
  async #shape(file, width, height) {
    if (!width === !height) return { width, height };
    const is = await this.describe(file);
    const ratio = is.width / is.height || 1;
    return { width: width ?? Math.max(1, Math.round(height * ratio)), height: height ?? Math.max(1, Math.round(width / ratio)) };
  }

  #write(file, at, output, shape) {
    const film = { kerf: 1, assets: { media: file }, tracks: [{ clips: [{ asset: 'media' }] }] };
    return this.#call('frame', { json: JSON.stringify(film), name: file, at, output, ...shape, overwrite: true });
  }

  /** Small pictures, evenly over the length or at given times. */
  async thumbnails(input, options = {}) {
    const { count = 10, at, width, height = width ? undefined : 120, format = 'jpg' } = check(options, THUMBNAILS);
    const file = path.resolve(input), { duration } = await this.describe(file);
    const times = at ?? Array.from({ length: count }, (_, i) => ((i + 0.5) * (duration || 0)) / count);
    const shape = await this.#shape(file, width, height), made = [];
    for (const time of times) made.push({ at: time, data: Buffer.from(await this.#bytes(file, time, format, shape)) });
    return made;
  }

  /** The sound's peaks, so many over its length. */
  async waveform(input, options = {}) {
    const { points = 1000, channel = -1 } = check(options, WAVEFORM);
    const file = path.resolve(input);
    return this.#core.cache.ofFile(file, ['waveform', points, channel], async () => {
      const { columns, ...info } = await this.#call('peaks', { path: file, count: points, channel });
      const every = (first) => Float32Array.from({ length: points }, (_, i) => columns[3 * i + first]);
      return { ...info, points, min: every(0), max: every(1), rms: every(2) };
    });
  }
}

module.exports = { Media };
