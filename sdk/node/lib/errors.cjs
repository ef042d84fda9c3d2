// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';

/** "film.json:7: tracks[0].clips[2].opacty: unknown": the file, perhaps a line, and the field. */
const PLACE = /^(.+?):(?:(\d+):)? (?:([A-Za-z_$][\w$]*(?:\[\d+\]|\.[A-Za-z_$][\w$]*)*): )?/;

function placeOf(message) {
  const [, file, line, field] = PLACE.exec(message) ?? [];
  return { file, line: line && Number(line), field };
}

/** What went wrong: `code` is stable, `file` and `field` say where, if it is known. */
class KerfError extends Error {
  constructor(code, message, { file, field, ...options } = {}) {
    super(message, options);
    this.code = code;
    this.file = file;
    this.field = field;
  }

  get name() {
    return 'KerfError';
  }

  /** Of an error of the engine's, whose message begins with the place. */
  static of(code, message, known = {}) {
    const place = placeOf(message);
    return new KerfError(code, message, { file: known.file ?? place.file, field: known.field ?? place.field });
  }
}

const usage = (field, message) => new KerfError('KERF_USAGE', `${field}: ${message}`, { field });
const cancelled = () => new KerfError('KERF_CANCELLED', 'the job was stopped');

module.exports = { KerfError, usage, cancelled };
