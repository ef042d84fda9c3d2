// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { KerfError, cancelled } = require('./errors.cjs');

/**
 * Lets jobs run: never more than `places` at a time, nor more than `bytes` of memory together. Those of a higher priority
 * go first, then those that came first. A job that finds less memory than it would like runs with less, down to its least.
 */
class Scheduler {
  #free;
  #bytes;
  #limit;
  #waiting = [];
  #running = 0;

  constructor(places, bytes) {
    this.#free = places;
    this.#bytes = this.#limit = bytes;
  }

  get depth() {
    return this.#waiting.length;
  }

  get running() {
    return this.#running;
  }

  /** Waits for a turn. Resolves to {bytes, end}: what the job may use, and what to call when it has ended. */
  turn({ priority = 0, least = 0, wanted = least, signal } = {}) {
    return new Promise((resolve, reject) => {
      const entry = { priority, least, wanted, resolve, reject, signal };
      entry.leave = () => {
        this.#remove(entry);
        reject(cancelled());
        this.#start();
      };
      if (signal?.aborted) return reject(cancelled());
      signal?.addEventListener('abort', entry.leave, { once: true });
      const after = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, entry);
      this.#start();
    });
  }

  /** Refuses those that wait. */
  clear() {
    for (const entry of this.#waiting.splice(0)) {
      entry.signal?.removeEventListener('abort', entry.leave);
      entry.reject(new KerfError('KERF_CANCELLED', 'the engine was closed'));
    }
  }

  #remove(entry) {
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** In order: a job that does not fit yet is not overtaken, or large ones would wait for ever. */
  #start() {
    while (this.#waiting.length && this.#free > 0) {
      const [entry] = this.#waiting;
      if (entry.least > this.#bytes && this.#running > 0) return;
      this.#waiting.shift();
      entry.signal?.removeEventListener('abort', entry.leave);
      entry.resolve(this.#take(entry));
    }
  }

  #take({ least, wanted }) {
    const bytes = Math.max(Math.min(wanted, this.#bytes), Math.min(least, this.#limit));
    this.#free--;
    this.#running++;
    this.#bytes -= bytes;
    let held = true;
    const end = () => {
      if (!held) return;
      held = false;
      this.#free++;
      this.#running--;
      this.#bytes += bytes;
      this.#start();
    };
    return { bytes, end };
  }
}

module.exports = { Scheduler };
