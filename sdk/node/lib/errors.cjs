// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';

const FIELD = String.raw`[A-Za-z_$][\w$-]*(?:\[\d+\]|\.[A-Za-z_$][\w$-]*)*`;
/** "film.json:7: tracks[0].clips[2].opacty: unknown": a file's line, and often a field. */
const IN_JSON = new RegExp(`^(.+?):(\\d+): (?:(${FIELD}): )?`);
/** "/folder/clip.mp4: there is no such file" */
const FILE = /^([^:]*\/[^:]*): /;
/** "crf: it must be ..." */
const AT_FIELD = new RegExp(`^(${FIELD}): `);
const NO_FILES = ['film', 'reel'];

/** What a message of the engine's says of the place: it begins with that. */
function placeOf(message) {
  const [, json, , inJson] = IN_JSON.exec(message) ?? [];
  if (json) return { file: NO_FILES.includes(json) ? undefined : json, field: inJson };
  const file = FILE.exec(message)?.[1];
  return file ? { file } : { field: AT_FIELD.exec(message)?.[1] };
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
