// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';

/** Chunks on their way from who makes them to who iterates: no more than one ahead. */
class Channel {
  #chunks = [];
  #taken = () => {};
  #put = () => {};
  #ended = false;
  #dropped = false;
  #error;

  /** Resolves when somebody has taken it, or nobody will. */
  async put(chunk) {
    if (this.#dropped) return undefined;
    this.#chunks.push(chunk);
    this.#put();
    return new Promise((resolve) => { this.#taken = resolve; });
  }

  /** Nothing more will come; with an error, because of that. */
  end(error) {
    this.#ended = true;
    this.#error = error;
    this.#put();
  }

  /** What has not been taken, and all that is still to come, is thrown away. */
  drop() {
    this.#dropped = true;
    this.#chunks = [];
    this.#taken();
  }

  /** `left` is called if the iteration is left early. */
  async *iterate(left) {
    let whole = false;
    try {
      while (this.#chunks.length || !this.#ended) {
        if (this.#chunks.length) {
          yield this.#chunks.shift();
          this.#taken();
        } else {
          await new Promise((resolve) => { this.#put = resolve; });
        }
      }
      whole = true;
    } finally {
      if (!whole) left();
    }
    if (this.#error) throw this.#error;
  }
}

module.exports = { Channel };
