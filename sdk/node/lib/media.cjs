// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking at media: in a process of its own, since files may be anybody's; what was learnt stays in memory.
'use strict';
const fs = require('node:fs/promises');
const path = require('node:path');
const { Helper } = require('./helper.cjs');
const { metadataOf } = require('./metadata.cjs');
const { call } = require('./native.cjs');
const { check } = require('./options.cjs');
const { prepare } = require('./source.cjs');

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

  #call(name, options, hooks) {
    return this.#core.options.inProcess ? call(name, options, hooks) : this.#helper.call(name, options, hooks);
  }

  /** For calls that are no jobs: their errors are counted too. */
  async counted(promise) {
    try {
      return await promise;
    } catch (error) {
      this.#core.metrics.failed(error.code ?? 'KERF_INTERNAL');
      throw error;
    }
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
    const { count = 10, at, width, height, format = 'jpg' } = check(options, THUMBNAILS);
    const file = path.resolve(input), shape = await this.#shape(file, width, width ? height : height ?? 120);
    const given = { path: file, count, height: shape.height, format };
    const made = await this.#core.cache.ofFile(file, ['thumbnails', given, at], () => this.#pictures(given, at));
    return made.map(({ at: time, bytes }) => ({ at: time, data: Buffer.from(bytes) }));
  }

  async #pictures(given, times) {
    const made = [];
    await this.#call('thumbnails', [given, times ?? null], { on: { picture: ({ index, ...picture }) => { made[index] = picture; } } });
    return made;
  }

  /** The picture of a film or a reel at a time, as a file, or the bytes of one. */
  async ofFilm(given, options = {}) {
    const { output, at = 0, width, height, format = 'png', folder } = check(options, { ...FRAME, folder: 'text' });
    const { temp, options: { allowedHosts: hosts, allowedFolders: folders } } = this.#core;
    const source = await prepare(given, { folder, hosts, folders, temp, describe: (file) => this.describe(file) });
    const write = (into) => this.#writeFilm(source, { at, output: into, width, height, overwrite: true });
    try {
      if (output) return await write(path.resolve(output)).then(() => path.resolve(output));
      return await temp.with(`frame.${format}`, undefined, (into) => write(into).then(() => fs.readFile(into)));
    } finally {
      await Promise.all(source.files.map((file) => fs.rm(file, { force: true })));
    }
  }

  async #writeFilm({ film, reel, json, name, folder }, options) {
    const given = film ? { film } : { json: reel ? (await this.#call('reel', { json, name, folder })).json : json, name, folder };
    return this.#call('frame', { ...given, ...options });
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
