// SPDX-License-Identifier: LGPL-2.1-or-later
// The addon, loaded when it is first needed, and calls of it as promises.
'use strict';
const path = require('node:path');
const { KerfError } = require('./errors.cjs');

const PACKAGE = `@kerf/node-${process.platform}-${process.arch}`;

/** The folder with the addon, the library and the program: KERF_NODE_FOLDER, or the package for this platform. */
function folder() {
  if (process.env.KERF_NODE_FOLDER) return path.resolve(process.env.KERF_NODE_FOLDER);
  try {
    return path.dirname(require.resolve(`${PACKAGE}/package.json`));
  } catch (cause) {
    throw new KerfError('KERF_UNSUPPORTED', `${PACKAGE} is not installed: there is no Kerf for this platform, or ` +
      'optional dependencies were left out (npm install --include=optional)', { cause });
  }
}

let loaded;
function native() {
  loaded ??= require(path.join(folder(), 'kerf.node'));
  return loaded;
}

/** The program whose processes render. */
const executable = () => path.join(folder(), 'kerf');

/**
 * Calls a function of the addon, which works on a thread of its own. `on` has functions for its events; one for "chunk"
 * gives a promise, and the thread makes no more than a few ahead of it. The signal stops it.
 * @returns a promise of what it gives
 */
function invoke(name, values, { on = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const cancel = () => native().cancel(handle);
    const end = (settle, value) => {
      signal?.removeEventListener('abort', cancel);
      settle(value);
    };
    const handle = native()[name](...values, (event, value) => {
      if (event === 'done') end(resolve, value);
      else if (event === 'error') end(reject, KerfError.of(value.code, value.message));
      else if (event === 'chunk') on.chunk(value).then(() => native().taken(handle, value.length), cancel);
      else on[event]?.(value);
    });
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
  });
}

/** Functions that take more than options take them as a list. */
const call = (name, options, hooks) => invoke(name, Array.isArray(options) ? options : [options], hooks);

module.exports = { call, executable, invoke, native };
