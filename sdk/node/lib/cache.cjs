// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const fs = require('node:fs/promises');
const { KerfError } = require('./errors.cjs');

const NOTHING = 64; // bytes that an entry takes besides its Buffers

/** About how many bytes it takes. */
function sizeOf(value) {
  if (ArrayBuffer.isView(value)) return NOTHING + value.byteLength;
  if (value === null || typeof value !== 'object') return NOTHING + (value?.length ?? 0);
  return Object.values(value).reduce((sum, inside) => sum + sizeOf(inside), NOTHING);
}

/** What was learnt of files, the latest used first to stay. Entries go when their file changes. */
class Cache {
  #entries = new Map();
  #bytes = 0;
  #limit;
  #metrics;

  constructor(limit, metrics) {
    this.#limit = limit;
    this.#metrics = metrics;
  }

  /** What `make` gives for this file and question, from memory if it is there. KERF_NOT_FOUND: there is no such file. */
  async ofFile(file, question, make) {
    const is = await fs.stat(file).catch((cause) => {
      throw new KerfError('KERF_NOT_FOUND', `${file}: there is no such file; check the path`, { file, cause });
    });
    return this.of(JSON.stringify([file, is.size, is.mtimeMs, question]), make);
  }

  /** Calls that come together share one `make`. */
  async of(key, make) {
    const known = this.#entries.get(key);
    this.#metrics[known ? 'hits' : 'misses']++;
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: make(), bytes: 0 };
    this.#entries.set(key, entry);
    try {
      const value = await entry.value;
      this.#account(key, entry, sizeOf(value));
      return value;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #account(key, entry, bytes) {
    if (this.#entries.get(key) !== entry) return;
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#limit) return;
      this.#bytes -= freed;
      this.#entries.delete(oldest);
    }
  }
}

module.exports = { Cache };
