// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { fork } = require('node:child_process');
const path = require('node:path');
const { KerfError, cancelled } = require('./errors.cjs');

/** Calls of the addon in a process of its own, started when it is first needed, and anew after a crash. */
class Helper {
  #child;
  #calls = new Map();
  #next = 1;
  #closed = false;
  #tries;

  /** How often a call is made, if the process dies of it. */
  constructor(tries = 2) {
    this.#tries = tries;
  }

  /** As call() of native.cjs. */
  call(name, options, { on = {}, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled());
      const id = this.#next++;
      const cancel = () => this.#child?.send({ cancel: id });
      const settle = (how) => (value) => {
        signal?.removeEventListener('abort', cancel);
        this.#calls.delete(id);
        if (this.#calls.size === 0) this.#rest();
        how(value);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const call = { id, name, options, on, tries: 0, done: settle(resolve), error: settle(reject) };
      this.#calls.set(id, call);
      this.#send(call);
    });
  }

  /** Its number; undefined while there is none. */
  get pid() {
    return this.#child?.pid;
  }

  /** Ends the process. What is under way fails. */
  close() {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
  }

  #send(call) {
    call.tries++;
    this.#child ??= this.#start();
    this.#child.ref();
    this.#child.channel?.ref();
    this.#child.send({ id: call.id, name: call.name, options: call.options });
  }

  #start() {
    const child = fork(path.join(__dirname, 'helper-main.cjs'), [],
      { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', ({ id, event, value }) => this.#hear(this.#calls.get(id), event, value));
    child.on('error', () => {});
    child.on('exit', () => this.#gone(child));
    return child;
  }

  #hear(call, event, value) {
    if (event === 'done') call?.done(value);
    else if (event === 'error') call?.error(Object.assign(new KerfError(value.code, value.message), value));
    else call?.on[event]?.(value);
  }

  #gone(child) {
    if (this.#child === child) this.#child = undefined;
    for (const call of [...this.#calls.values()])
      if (call.tries < this.#tries && !this.#closed) this.#send(call);
      else call.error(new KerfError('KERF_CRASHED', `${call.options.path ?? call.name}: the process that looked at it died`,
        { file: call.options.path }));
  }

  /** Nothing is under way: it keeps nobody's process from ending. */
  #rest() {
    this.#child?.unref();
    this.#child?.channel?.unref();
  }
}

module.exports = { Helper };
