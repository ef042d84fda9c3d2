// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests' pages have at hand.
export * from '../src/index.js';
