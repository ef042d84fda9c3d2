// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { Job } = require('./job.cjs');
const { metadataOf } = require('./metadata.cjs');
const { call } = require('./native.cjs');

const DEFAULTS = { enableHardwareAcceleration: false, maxConcurrentJobs: 4, memoryLimit: 2048 };

/** What render() takes besides the film and the output, as the engine calls it. */
function filmOptions(film) {
  if (typeof film === 'string' && !film.trimStart().startsWith('{')) return { film: path.resolve(film) };
  return { json: typeof film === 'string' ? film : JSON.stringify(film), folder: process.cwd() };
}

class VideoEngine {
  #options;

  constructor(options = {}) {
    this.#options = { tempDirectory: os.tmpdir(), ...DEFAULTS, ...options };
  }

  /** Loads the engine. */
  async initialize() {
    await fs.mkdir(this.#options.tempDirectory, { recursive: true });
    await call('describe', { what: 'formats' });
  }

  /** Renders a film: an object, its JSON, or the path of a file. */
  render(film, output, { signal, onProgress, ...options } = {}) {
    const outputPath = path.resolve(output);
    return new Job(async (job, stop) => {
      const began = performance.now();
      const report = await call('render', { overwrite: true, ...filmOptions(film), output: outputPath, ...options }, {
        signal: stop,
        on: { progress: (p) => job.emit('progress', p), warning: (text) => job.emit('warning', text) },
      });
      return this.#result(outputPath, report, performance.now() - began);
    }, { signal, onProgress });
  }

  async #result(outputPath, report, renderTimeMs) {
    const { size } = await fs.stat(outputPath);
    return {
      success: true, outputPath, durationMs: report.duration * 1000, durationInSeconds: report.duration,
      fileSize: size, sizeInBytes: size, renderTimeMs, metadata: { ...report },
    };
  }

  /** What a media file is. */
  async getVideoMetadata(file) {
    return metadataOf(JSON.parse(await call('describe', { what: 'media', path: path.resolve(file) })));
  }

  /** The picture at a time (seconds), as a file or, without an output, the bytes of a PNG. */
  async extractFrame(input, { at = 0, output, width, height, format = 'png' } = {}) {
    const film = { kerf: 1, assets: { media: path.resolve(input) }, tracks: [{ clips: [{ asset: 'media' }] }] };
    const into = output && path.resolve(output);
    if (into) {
      await call('frame', { json: JSON.stringify(film), name: input, at, output: into, width, height, overwrite: true });
      return into;
    }
    const folder = await fs.mkdtemp(path.join(this.#options.tempDirectory, 'kerf-'));
    try {
      return await fs.readFile(await this.extractFrame(input, { at, width, height, output: path.join(folder, `frame.${format}`) }));
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  async close() {}
}

module.exports = { VideoEngine };
