// SPDX-License-Identifier: LGPL-2.1-or-later
// What render() is given: a film or a reel's config, as an object, its JSON, or the path of a file.
'use strict';
const fs = require('node:fs/promises');
const path = require('node:path');
const { KerfError, usage } = require('./errors.cjs');
const { fieldOf, filesOf, isRemote, localise } = require('./remote.cjs');

const FILM_KEYS = ['kerf', 'tracks', 'sequences', 'assets'];
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isReel = (object) => !FILM_KEYS.some((key) => Object.hasOwn(object, key));

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // the engine says where it goes wrong
  }
}

/** Of JSON: {reel, object, json, folder, name}; object is undefined if it is not JSON. */
function ofText(json, folder, name) {
  const object = parsed(json);
  return { reel: object !== undefined && isReel(object), object, json, folder, name };
}

/** Reads what was given; {film: path} for films that are not JSON. */
async function read(given, folder = process.cwd()) {
  if (isObject(given)) return { reel: isReel(given), object: given, folder, name: isReel(given) ? 'reel' : 'film' };
  if (typeof given !== 'string') throw usage('film', 'it must be an object, its JSON, or the path of a file');
  if (given.trimStart().startsWith('{')) return ofText(given, folder, 'film');
  const file = path.resolve(folder, given);
  if (path.extname(file) !== '.json') return { film: file };
  const json = await fs.readFile(file, 'utf8').catch((cause) => {
    throw new KerfError('KERF_NOT_FOUND', `${file}: there is no such file; check the path`, { file, cause });
  });
  return ofText(json, path.dirname(file), file);
}

/** Refuses what is not there, before anything is started; `describe` is asked for every file. */
async function checkFiles({ object, folder }, describe) {
  for (const [keys, text] of filesOf(object)) {
    if (isRemote(text) || text.includes('%') || text.startsWith('data:')) continue;
    await describe(path.resolve(folder, text)).catch((error) => {
      if (error.code !== 'KERF_NOT_FOUND') return; // the render says more
      throw Object.assign(KerfError.of(error.code, `${fieldOf(keys)}: ${error.message}`), { field: fieldOf(keys), file: error.file });
    });
  }
}

const inside = (folder, file) => file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);

/** Refuses files outside of the folders that are allowed, links resolved; what is not there is refused by others. */
async function checkFolders({ object, folder }, folders) {
  const real = await Promise.all(folders.map((allowed) => fs.realpath(allowed)));
  for (const [keys, text] of filesOf(object)) {
    const file = path.resolve(folder, text), is = await fs.realpath(file).catch(() => file);
    if (!isRemote(text) && !real.some((allowed) => inside(allowed, is))) throw new KerfError('KERF_INVALID',
      `${fieldOf(keys)}: ${text} is not in a folder that is allowed; see the option allowedFolders`, { field: fieldOf(keys), file });
  }
}

/**
 * What the engine is to be given.
 * @returns {film} or {reel, json, folder, name, size}, and `files` to remove afterwards
 */
async function prepare(given, { folder, hosts, folders, temp, signal, describe }) {
  const source = await read(given, folder);
  if (!source.object) return { ...source, files: [] };
  if (folders) await checkFolders(source, folders);
  const [object, files] = await localise(source.object, { hosts, temp, signal });
  await checkFiles({ ...source, object }, describe);
  const json = object === source.object && source.json ? source.json : JSON.stringify(object);
  return { ...source, json, size: sizeOf(object, source.reel), files };
}

function sizeOf(object, reel) {
  if (!reel) return object.size ?? object.sequences?.[0]?.size;
  const { width, height } = object.settings ?? {};
  const [, wide, high] = /^(\d+)x(\d+)$/i.exec(object.videoSettings?.resolution ?? '') ?? [];
  return [Number(wide ?? width) || 1080, Number(high ?? height) || 1920];
}

module.exports = { prepare };
