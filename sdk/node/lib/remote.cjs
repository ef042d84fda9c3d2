// SPDX-License-Identifier: LGPL-2.1-or-later
// Remote files: refused, or, from hosts that are allowed, fetched into tempDirectory before the engine sees them. The
// engine itself opens no connections.
'use strict';
const { createWriteStream } = require('node:fs');
const path = require('node:path');
const { Readable, Transform } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { KerfError } = require('./errors.cjs');

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
const REDIRECTS = 5, BYTES_MAX = 1 << 30, PATIENCE = 60_000;
const FILE_KEY = /(url|path|file|image|audio|video|avatar|music|picture|photo|sounds?|voices?|logo|src)$/i;

const fieldOf = (keys) => keys.reduce((at, key) => (typeof key === 'number' ? `${at}[${key}]` : at ? `${at}.${key}` : key), '');

/** Whether a text at these keys names a file: by its key, or as an asset of a film. */
function namesFile(keys) {
  const name = [...keys].reverse().find((key) => typeof key === 'string') ?? '';
  return FILE_KEY.test(name) || keys[0] === 'assets' && keys.length === 2;
}

/** The texts of a config that name files: [keys, text]. */
function* filesOf(value, keys = []) {
  if (typeof value === 'string') {
    if (namesFile(keys)) yield [keys, value];
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inside] of Object.entries(value))
      yield* filesOf(inside, [...keys, Array.isArray(value) ? Number(key) : key]);
  }
}

const isRemote = (text) => URL_LIKE.test(text);

function allows(hosts, host) {
  return hosts.some((allowed) => (allowed.startsWith('.') ? host.endsWith(allowed) : host === allowed));
}

function checked(address, hosts, field) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol) && allows(hosts, url.hostname)) return url;
  throw new KerfError('KERF_INVALID', `${field}: "${address}": remote files are off${hosts.length ?
    `, but for ${hosts.join(', ')}` : ''}; see the option allowedHosts`, { field, file: address });
}

/** Redirects are followed to hosts that are allowed. */
async function follow(address, hosts, field, signal) {
  let url = checked(address, hosts, field);
  for (let i = 0; i <= REDIRECTS; i++) {
    const answer = await fetch(url, { redirect: 'manual', signal });
    const next = answer.status >= 300 && answer.status < 400 && answer.headers.get('location');
    if (!next) return answer;
    await answer.body?.cancel();
    url = checked(new URL(next, url).href, hosts, field);
  }
  throw new KerfError('KERF_IO', `${field}: ${address} redirects too often`, { field, file: address });
}

function bounded(address, field) {
  let bytes = 0;
  return new Transform({
    transform(chunk, _, done) {
      bytes += chunk.length;
      done(bytes > BYTES_MAX ? new KerfError('KERF_RANGE', `${field}: ${address} has more than 1 GiB`, { field }) : null, chunk);
    },
  });
}

async function fetchFile(address, field, { hosts, temp, signal }) {
  const timeout = AbortSignal.timeout(PATIENCE), patience = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const answer = await follow(address, hosts, field, patience).catch((cause) => {
    throw cause instanceof KerfError ? cause :
      new KerfError('KERF_IO', `${field}: ${address} cannot be fetched (${cause.cause?.code ?? cause.message})`, { field, file: address, cause });
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new KerfError('KERF_NOT_FOUND', `${field}: ${address} answers ${answer.status}`, { field, file: address });
  }
  const extension = path.extname(new URL(address).pathname).replace(/[^.\w]/g, '').slice(0, 8);
  const file = await temp.path(`remote${extension}`);
  await pipeline(Readable.fromWeb(answer.body), bounded(address, field), createWriteStream(file), { signal: patience });
  return file;
}

function replace(config, keys, text) {
  const last = keys.at(-1);
  keys.slice(0, -1).reduce((at, key) => at[key], config)[last] = text;
}

/**
 * A copy of a config whose remote files are local, in tempDirectory; each is fetched once.
 * @returns [config, files to remove when it has been used]
 */
async function localise(config, context) {
  const remote = [...filesOf(config)].filter(([, text]) => isRemote(text));
  if (!remote.length) return [config, []];
  const copy = structuredClone(config), fetched = new Map();
  for (const [keys, address] of remote) checked(address, context.hosts, fieldOf(keys));
  for (const [keys, address] of remote) {
    if (!fetched.has(address)) fetched.set(address, await fetchFile(address, fieldOf(keys), context));
    replace(copy, keys, fetched.get(address));
  }
  return [copy, [...fetched.values()]];
}

module.exports = { fieldOf, filesOf, isRemote, localise };
