// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const os = require('node:os');
const { Cache } = require('./cache.cjs');
const { Frames } = require('./frames.cjs');
const { Media } = require('./media.cjs');
const { Metrics } = require('./metrics.cjs');
const { call } = require('./native.cjs');
const { optimize } = require('./optimize.cjs');
const { ENCODING, check, split } = require('./options.cjs');
const { filmOf } = require('./processing.cjs');
const { Renderer } = require('./renderer.cjs');
const { Temp } = require('./temp.cjs');

const ENGINE = {
  enableHardwareAcceleration: 'flag', maxConcurrentJobs: 'count', memoryLimit: 'count', tempDirectory: 'text', inProcess: 'flag',
  allowedHosts: 'list', allowedFolders: 'list',
};
const DEFAULTS = {
  enableHardwareAcceleration: false, maxConcurrentJobs: 4, memoryLimit: 2048, inProcess: false, allowedHosts: [],
};
const JOB = {
  signal: 'signal', onProgress: 'function', priority: 'number', inProcess: 'flag', name: 'text', folder: 'text', stream: 'flag',
};
const CACHE_BYTES = 64 << 20;

class VideoEngine {
  #temp;
  #metrics = new Metrics();
  #core;
  #media;
  #renderer;
  #frames;

  constructor(options = {}) {
    const given = { tempDirectory: os.tmpdir(), ...DEFAULTS, ...check(options, ENGINE) };
    this.#temp = new Temp(given.tempDirectory);
    const core = this.#core = { options: given, metrics: this.#metrics, temp: this.#temp, cache: new Cache(CACHE_BYTES, this.#metrics) };
    core.media = this.#media = new Media(core);
    this.#renderer = new Renderer(core);
    this.#frames = new Frames(core, this.#renderer);
  }

  /** Loads the engine and makes the folder for temporary files. */
  async initialize() {
    await this.#temp.folder();
    await call('describe', { what: 'formats' });
  }

  /** Renders a film or a reel's config: an object, its JSON, or the path of a file. */
  render(given, output, options = {}) {
    const [encoding, job] = split(check(options, { ...ENCODING, ...JOB }), JOB);
    return this.#renderer.render(given, output, encoding, { ...job, allowMissing: encoding.allowMissing });
  }

  /** One picture of a film or a reel. */
  renderFrame(given, options) {
    return this.#media.counted(this.#media.ofFilm(given, options));
  }

  /** Renders one file with effects. */
  processVideo(input, output, config = {}, options = {}) {
    check(options, JOB);
    const film = async () => {
      const normal = async (effects) => JSON.parse(await call('describe', { what: 'effects-normal', text: JSON.stringify(effects) }));
      return filmOf(input, config, await this.#media.describe(input), normal);
    };
    return this.#renderer.render(film, output, {}, options);
  }

  /** Encodes a file anew so that it has the size that is wanted, or a little less. */
  optimizeVideo(input, targetSizeMB, options) {
    return optimize(this.#core, this.#renderer, input, targetSizeMB, options);
  }

  /** What a media file is. */
  getVideoMetadata(file) {
    return this.#media.counted(this.#media.describe(file));
  }

  /** The picture at a time (seconds), as a file or, without an output, the bytes of a PNG. */
  extractFrame(input, options) {
    return this.#media.counted(this.#media.frame(input, options));
  }

  /** Small pictures of a file. */
  thumbnails(input, options) {
    return this.#media.counted(this.#media.thumbnails(input, options));
  }

  /** The peaks of a file's sound. */
  waveform(input, options) {
    return this.#media.counted(this.#media.waveform(input, options));
  }

  /** A picture in memory with effects. */
  processFrame(buffer, shape, effects) {
    return this.#media.counted(this.#frames.process(buffer, shape, effects));
  }

  /** A film of pictures in memory. */
  encodeFrames(frames, encoding) {
    return this.#frames.encode(frames, encoding);
  }

  /** Counts for Prometheus. */
  metrics() {
    return this.#metrics.text(this.#renderer.load);
  }

  /** Stops what runs, waits for it to end, and removes the temporary files. */
  async close() {
    await this.#renderer.close();
    this.#media.close();
    await this.#temp.clear();
  }
}

module.exports = { VideoEngine };
