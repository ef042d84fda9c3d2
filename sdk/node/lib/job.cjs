// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { EventEmitter } = require('node:events');
const { Channel } = require('./channel.cjs');
const { cancelled, usage } = require('./errors.cjs');

/**
 * A piece of work: a promise of its result, an emitter of "start", "progress", "warning" and "retry", and an async
 * iterable of the bytes of its file, which come while they are made.
 */
class Job extends EventEmitter {
  #abort = new AbortController();
  #promise;
  #channel;
  #started = false;

  /** `run` gets the job and a signal, and gives a promise. It is called after the caller's turn. */
  constructor(run, { signal, onProgress, stream } = {}) {
    super();
    if (stream) this.#channel = new Channel();
    if (onProgress) this.on('progress', onProgress);
    const follow = () => this.cancel();
    signal?.addEventListener('abort', follow, { once: true });
    if (signal?.aborted) follow();
    this.#promise = this.#run(run).finally(() => signal?.removeEventListener('abort', follow));
    this.#promise.then(() => this.#channel?.end(), (error) => this.#channel?.end(error));
  }

  async #run(run) {
    await null;
    if (this.#abort.signal.aborted) throw cancelled();
    return run(this, this.#abort.signal);
  }

  /** Where its bytes go, if somebody iterates over it; from when this was asked it is too late to begin with that. */
  chunks() {
    this.#started = true;
    return this.#channel && ((chunk) => this.#channel.put(chunk));
  }

  /** Fragments of MP4, which play while they arrive. Ask before it starts, or with the option `stream`. */
  [Symbol.asyncIterator]() {
    if (this.#started && !this.#channel)
      throw usage('stream', 'the job has started without it: iterate at once, or give stream: true');
    this.#channel ??= new Channel();
    return this.#channel.iterate(() => this.cancel());
  }

  /** Stops it, if it has not ended: the promise is rejected with KERF_CANCELLED, and no file is left behind. */
  cancel() {
    this.#abort.abort();
    this.#channel?.drop();
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
