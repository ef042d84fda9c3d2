// SPDX-License-Identifier: LGPL-2.1-or-later
import type { KerfErrorLike } from './types.js';

/** Codes: not_found, media, unsupported, invalid, cancelled, closed, memory, internal. */
export class KerfError extends Error implements KerfErrorLike {
  override name = 'KerfError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
