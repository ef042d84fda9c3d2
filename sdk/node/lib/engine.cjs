// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { KerfError, usage } = require('./errors.cjs');
const { Job } = require('./job.cjs');
const { MB, aheadOf, needsOf } = require('./memory.cjs');
const { metadataOf } = require('./metadata.cjs');
const { Metrics } = require('./metrics.cjs');
const { call } = require('./native.cjs');
const { ENCODING, addonOptions, check, split, wordsOf } = require('./options.cjs');
const { Scheduler } = require('./scheduler.cjs');
const { Temp } = require('./temp.cjs');
const { renderInWorker } = require('./worker.cjs');

const ENGINE = {
  enableHardwareAcceleration: 'flag', maxConcurrentJobs: 'count', memoryLimit: 'count', tempDirectory: 'text', inProcess: 'flag',
};
const DEFAULTS = { enableHardwareAcceleration: false, maxConcurrentJobs: 4, memoryLimit: 2048, inProcess: false };
const JOB = { signal: 'signal', onProgress: 'function', priority: 'number', inProcess: 'flag', name: 'text' };
const FRAME = { at: 'seconds', output: 'text', width: 'count', height: 'count', format: ['png', 'jpg', 'webp'] };

/** What the caller gave as a film: {film} with the path of a file, or {json, object} with its text. */
function filmOf(given) {
  if (typeof given === 'string' && !given.trimStart().startsWith('{')) return { film: path.resolve(given) };
  if (typeof given === 'string') return { json: given };
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw usage('film', 'it must be an object, its JSON, or the path of a file');
  return { json: JSON.stringify(given), object: given };
}

class VideoEngine {
  #options;
  #scheduler;
  #temp;
  #metrics = new Metrics();
  #jobs = new Set();
  #closed = false;

  constructor(options = {}) {
    this.#options = { tempDirectory: os.tmpdir(), ...DEFAULTS, ...check(options, ENGINE) };
    this.#scheduler = new Scheduler(this.#options.maxConcurrentJobs, this.#options.memoryLimit * MB);
    this.#temp = new Temp(this.#options.tempDirectory);
  }

  /** Loads the engine and makes the folder for temporary files. */
  async initialize() {
    await this.#temp.folder();
    await call('describe', { what: 'formats' });
  }

  /** Renders a film: an object, its JSON, or the path of a file. */
  render(film, output, options = {}) {
    const [encoding, job] = split(check(options, { ...ENCODING, ...JOB }), JOB);
    return this.#start(job, async (running, signal) => {
      const source = filmOf(film), into = output ? path.resolve(output) : await this.#temp.path(job.name ?? 'video.mp4');
      const { report, ms } = await this.#turn(running, signal, job, needsOf(source.object, encoding),
        (memory) => this.#render(running, signal, source, into, { ...encoding, memory }, job));
      return this.#result(into, report, ms);
    });
  }

  /** A job that the engine knows of until it has ended. */
  #start(options, run) {
    if (this.#closed) throw new KerfError('KERF_USAGE', 'the engine was closed');
    const job = new Job(run, options);
    this.#jobs.add(job);
    job.catch((error) => this.#metrics.failed(error.code ?? 'KERF_INTERNAL')).finally(() => this.#jobs.delete(job));
    return job;
  }

  /** Waits for a turn in the queue and runs then; once more after a crash. */
  async #turn(job, signal, { priority }, needs, run) {
    const turn = await this.#scheduler.turn({ priority, signal, ...needs });
    const began = performance.now();
    try {
      const memory = aheadOf(turn.bytes, needs);
      job.emit('start');
      const report = await run(memory).catch((error) => {
        if (error.code !== 'KERF_CRASHED' || signal.aborted) throw error;
        this.#metrics.recoveries++;
        job.emit('retry', error);
        return run(memory);
      });
      return { report, ms: performance.now() - began };
    } finally {
      turn.end();
      this.#metrics.jobSeconds.observe((performance.now() - began) / 1000);
    }
  }

  async #render(job, signal, source, output, options, { inProcess = this.#options.inProcess }) {
    const on = this.#listeners(job);
    const report = await (inProcess ? this.#renderHere : this.#renderOutside).call(this, source, output, options, { on, signal });
    on.progress({ stage: 'finish', frame: report.frames, frames: report.frames, seconds: report.seconds });
    this.#metrics.usedMemory(report.peakMemory ?? process.memoryUsage.rss());
    return report;
  }

  #listeners(job) {
    let last = { frame: 0, seconds: 0 };
    const progress = (p) => {
      this.#metrics.framesTook(p.frame - last.frame, p.seconds - last.seconds);
      if (p.frame > last.frame) last = p;
      job.emit('progress', p);
    };
    return { progress, warning: (text) => job.emit('warning', text), start: (pid) => job.emit('worker', pid) };
  }

  #renderHere({ film, json }, output, options, hooks) {
    const given = film ? { film } : { json, folder: process.cwd() };
    return call('render', { ...given, ...addonOptions(options), output, overwrite: true }, hooks);
  }

  #renderOutside({ film, json }, output, { memory, ...options }, hooks) {
    const words = [...wordsOf(options), '--overwrite', '--memory', String(memory / MB),
      '--memory-limit', String(this.#options.memoryLimit)];
    if (film) return renderInWorker([film, ...words], output, hooks);
    return this.#temp.with('film.json', json, (file) =>
      renderInWorker([file, '--folder', process.cwd(), ...words], output, hooks).catch((error) => {
        throw error.code === 'KERF_CRASHED' ? error : KerfError.of(error.code, error.message.replaceAll(file, 'film'));
      }));
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
  async extractFrame(input, options = {}) {
    const { at = 0, output, width, height, format = 'png' } = check(options, FRAME);
    const film = { kerf: 1, assets: { media: path.resolve(input) }, tracks: [{ clips: [{ asset: 'media' }] }] };
    const write = (file) => call('frame', { json: JSON.stringify(film), name: input, at, output: file, width, height, overwrite: true });
    if (output) return write(path.resolve(output)).then(() => path.resolve(output));
    return this.#temp.with(`frame.${format}`, undefined, (file) => write(file).then(() => fs.readFile(file)));
  }

  /** Counts for Prometheus. */
  metrics() {
    return this.#metrics.text({ depth: this.#scheduler.depth, running: this.#scheduler.running });
  }

  /** Stops what runs, waits for it to end, and removes the temporary files. */
  async close() {
    this.#closed = true;
    for (const job of this.#jobs) job.cancel();
    await Promise.allSettled(this.#jobs);
    await this.#temp.clear();
  }
}

module.exports = { VideoEngine };
