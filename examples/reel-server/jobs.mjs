// SPDX-License-Identifier: LGPL-2.1-or-later
import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

const KEPT = 100; // jobs that have ended, with their videos

/** The jobs of the server, and the videos they made. A job is told of by "change" events. */
export class Jobs {
  #engine;
  #output;
  #media;
  #jobs = new Map();

  constructor(engine, { output, media }) {
    this.#engine = engine;
    this.#output = output;
    this.#media = media;
  }

  /** Begins to render a config or a film. */
  add(config, { priority = 0 } = {}) {
    const id = randomUUID(), file = path.join(this.#output, `${id}.mp4`);
    const work = this.#engine.render(config, file, { priority, folder: this.#media });
    const job = Object.assign(new EventEmitter(), { id, work, file, state: 'queued', progress: null, result: null, error: null, warnings: [] });
    const change = (values) => job.emit('change', this.describe(Object.assign(job, values)));
    work.on('start', () => change({ state: 'running' }));
    work.on('progress', (progress) => change({ progress }));
    work.on('warning', (text) => job.warnings.push(text));
    work.then(
      ({ durationMs, fileSize, renderTimeMs }) => change({ state: 'done', result: { durationMs, fileSize, renderTimeMs } }),
      ({ code, message, field }) => change({ state: code === 'KERF_CANCELLED' ? 'cancelled' : 'failed', error: { code, message, field } }),
    ).finally(() => this.#forgetOld());
    this.#jobs.set(id, job);
    return job;
  }

  get(id) {
    return this.#jobs.get(id);
  }

  list() {
    return [...this.#jobs.values()].map((job) => this.describe(job));
  }

  describe({ id, state, progress, result, error, warnings }) {
    return { id, state, progress, result, error, warnings, video: state === 'done' ? `/jobs/${id}/video` : null };
  }

  async remove(job) {
    job.work.cancel();
    await job.work.catch(() => {});
    await fs.rm(job.file, { force: true });
    this.#jobs.delete(job.id);
  }

  #forgetOld() {
    const ended = [...this.#jobs.values()].filter(({ state }) => !['queued', 'running'].includes(state));
    for (const job of ended.slice(0, Math.max(0, ended.length - KEPT))) this.remove(job);
  }
}
