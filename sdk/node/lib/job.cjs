// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { EventEmitter } = require('node:events');
const { cancelled } = require('./errors.cjs');

/**
 * A piece of work: a promise of its result, and an emitter of "start", "progress", "warning" and "retry".
 */
class Job extends EventEmitter {
  #abort = new AbortController();
  #promise;

  /** `run` gets the job and a signal, and gives a promise. It is called after the caller's turn. */
  constructor(run, { signal, onProgress } = {}) {
    super();
    if (onProgress) this.on('progress', onProgress);
    const follow = () => this.cancel();
    signal?.addEventListener('abort', follow, { once: true });
    if (signal?.aborted) follow();
    this.#promise = this.#run(run).finally(() => signal?.removeEventListener('abort', follow));
    this.#promise.catch(() => {});
  }

  async #run(run) {
    await null;
    if (this.#abort.signal.aborted) throw cancelled();
    return run(this, this.#abort.signal);
  }

  /** Stops it, if it has not ended: the promise is rejected with KERF_CANCELLED, and no file is left behind. */
  cancel() {
    this.#abort.abort();
  }

  then(resolved, rejected) {
    return this.#promise.then(resolved, rejected);
  }

  catch(rejected) {
    return this.#promise.catch(rejected);
  }

  finally(settled) {
    return this.#promise.finally(settled);
  }

  get [Symbol.toStringTag]() {
    return 'Job';
  }
}

module.exports = { Job };
