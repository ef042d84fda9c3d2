// SPDX-License-Identifier: LGPL-2.1-or-later
// Jobs: they wait for their turn, render in a process or here, once more after a crash, and are counted.
'use strict';
const { createWriteStream } = require('node:fs');
const fs = require('node:fs/promises');
const path = require('node:path');
const { KerfError } = require('./errors.cjs');
const { Job } = require('./job.cjs');
const { MB, aheadOf, needsOf } = require('./memory.cjs');
const { call } = require('./native.cjs');
const { addonOptions, wordsOf } = require('./options.cjs');
const { Scheduler } = require('./scheduler.cjs');
const { prepare } = require('./source.cjs');
const { renderInWorker } = require('./worker.cjs');

/** Writes chunks to a file that has its name when it is whole, and passes them on. */
class Tee {
  #part;
  #file;
  bytes = 0;

  constructor(output, pass) {
    this.output = output;
    this.pass = pass;
    if (!output) return;
    this.#part = path.join(path.dirname(output), `.${path.basename(output)}.kerf-part-${process.pid}-${Math.random().toString(36).slice(2)}`);
    this.#file = createWriteStream(this.#part);
  }

  async put(chunk) {
    this.bytes += chunk.length;
    if (this.#file) await new Promise((resolve, reject) => { this.#file.write(chunk, (error) => (error ? reject(error) : resolve())); });
    await this.pass(chunk);
  }

  async end(whole) {
    if (!this.#file) return;
    await new Promise((resolve) => { this.#file.end(resolve); });
    await (whole ? fs.rename(this.#part, this.output) : fs.rm(this.#part, { force: true }));
  }
}

class Renderer {
  #core;
  #scheduler;
  #jobs = new Set();
  #closed = false;

  /** `core` is what the parts of an engine share: {options, metrics, temp, media}. */
  constructor(core) {
    this.#core = core;
    this.#scheduler = new Scheduler(core.options.maxConcurrentJobs, core.options.memoryLimit * MB);
  }

  get load() {
    return { depth: this.#scheduler.depth, running: this.#scheduler.running };
  }

  /** A job that is known until it has ended. */
  start(options, run) {
    if (this.#closed) throw new KerfError('KERF_USAGE', 'the engine was closed');
    const job = new Job(run, options);
    this.#jobs.add(job);
    job.catch((error) => this.#core.metrics.failed(error.code ?? 'KERF_INTERNAL')).finally(() => this.#jobs.delete(job));
    return job;
  }

  async close() {
    this.#closed = true;
    for (const job of this.#jobs) job.cancel();
    await Promise.allSettled(this.#jobs);
  }

  /** Waits for a turn and runs then, once more after a crash; gives what it gave, and how long that took. */
  async turn(job, signal, { priority }, needs, run) {
    const turn = await this.#scheduler.turn({ priority, signal, ...needs });
    const began = performance.now();
    try {
      const memory = aheadOf(turn.bytes, needs);
      job.emit('start');
      const value = await run(memory).catch((error) => {
        if (error.code !== 'KERF_CRASHED' || error.final || signal.aborted) throw error;
        this.#core.metrics.recoveries++;
        job.emit('retry', error);
        return run(memory);
      });
      return { value, ms: performance.now() - began };
    } finally {
      turn.end();
      this.#core.metrics.jobSeconds.observe((performance.now() - began) / 1000);
    }
  }

  /**
   * Renders what was given to a file: a film or a reel's config, or a function that gives {film, encoding} in time.
   * `options`: of the job.
   */
  render(given, output, asked, options) {
    return this.start(options, async (job, signal) => {
      const { film, encoding } = typeof given === 'function' ? await given() : { film: given, encoding: asked };
      const { temp, media, options: { allowedHosts: hosts, allowedFolders: folders } } = this.#core;
      const describe = options.allowMissing ? async () => {} : (file) => media.describe(file, signal);
      const source = await prepare(film, { folder: options.folder, hosts, folders, temp, signal, describe });
      try {
        const into = await this.#output(job, output, options);
        const { value, ms } = await this.turn(job, signal, options, needsOf(source.size, encoding),
          (memory) => this.#write(job, signal, source, into, { ...encoding, memory }, options));
        return await this.result(into, value.report, ms, value.bytes);
      } finally {
        await Promise.all(source.files.map((file) => fs.rm(file, { force: true })));
      }
    });
  }

  /** Without an output: a file in tempDirectory, or none if the bytes are taken while they are made. */
  async #output(job, output, { name }) {
    if (output) return path.resolve(output);
    if (name === undefined && job.chunks()) return undefined;
    return this.#core.temp.path(name ?? 'video.mp4');
  }

  async #write(job, signal, source, output, encoding, options) {
    const chunks = job.chunks();
    if (!chunks) return { report: await this.#run(job, signal, source, output, encoding, options) };
    const tee = new Tee(output, chunks);
    try {
      const report = await this.#run(job, signal, source, output, encoding, options, tee);
      await tee.end(true);
      return { report, bytes: tee.bytes };
    } catch (error) {
      await tee.end(false);
      throw Object.assign(error, { final: tee.bytes > 0 }); // what has been sent cannot be taken back
    }
  }

  async #run(job, signal, source, output, encoding, { inProcess = this.#core.options.inProcess }, tee) {
    const on = { ...this.listeners(job), chunk: tee && ((bytes) => tee.put(bytes)) };
    const report = await (inProcess ? this.#here : this.#outside).call(this, source, output, encoding, { on, signal });
    on.progress({ stage: 'finish', frame: report.frames, frames: report.frames, seconds: report.seconds,
      fps: report.frames / report.seconds, speed: report.speed, eta: 0 });
    this.#core.metrics.usedMemory(report.peakMemory ?? process.memoryUsage.rss());
    return report;
  }

  listeners(job) {
    let last = { frame: 0, seconds: 0 };
    const progress = (p) => {
      this.#core.metrics.framesTook(p.frame - last.frame, p.seconds - last.seconds);
      if (p.frame > last.frame) last = p;
      job.emit('progress', p);
    };
    return { progress, warning: (text) => job.emit('warning', text), start: (pid) => job.emit('worker', pid) };
  }

  async #here({ film, reel, json, folder, name }, output, encoding, hooks) {
    const text = reel ? await call('reel', { json, name, folder }, { signal: hooks.signal }) : { json };
    const given = film ? { film } : { json: text.json, name, folder };
    const asked = reel && !encoding.preset ? { crf: text.crf, speed: text.speed, audioBitrate: text.audioBitrate || undefined } : {};
    const into = hooks.on.chunk ? { chunks: true } : { output, overwrite: true };
    return call('render', { ...asked, ...addonOptions(encoding), ...given, ...into }, hooks);
  }

  #outside({ film, reel, json, folder, name }, output, { memory, ...encoding }, hooks) {
    const words = [...wordsOf(encoding), '--overwrite', '--memory', String(memory / MB),
      '--memory-limit', String(this.#core.options.memoryLimit)];
    if (film) return renderInWorker(['render', film, ...words], output, hooks);
    return this.#core.temp.with(reel ? 'reel.json' : 'film.json', json, (file) =>
      renderInWorker([reel ? 'reel' : 'render', file, '--folder', folder, ...words], output, hooks).catch((error) => {
        throw error.code === 'KERF_CRASHED' ? error : KerfError.of(error.code, error.message.replaceAll(file, name));
      }));
  }

  async result(outputPath, report, renderTimeMs, streamed) {
    const size = outputPath ? (await fs.stat(outputPath)).size : streamed;
    return {
      success: true, outputPath: outputPath ?? null, durationMs: report.duration * 1000, durationInSeconds: report.duration,
      fileSize: size, sizeInBytes: size, renderTimeMs, metadata: { ...report },
    };
  }
}

module.exports = { Renderer };
