// SPDX-License-Identifier: LGPL-2.1-or-later
export * from './types.js';
export { KerfError } from './errors.js';
export { Engine, init } from './engine.js';
