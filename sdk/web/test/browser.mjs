// SPDX-License-Identifier: LGPL-2.1-or-later
// A page in a real browser, with modules of this package and files of a folder; for tests.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png',
  '.jpg': 'image/jpeg', '.mp4': 'video/mp4', '.webm': 'video/webm', '.wav': 'audio/wav', '.json': 'application/json' };
const CHROMIUM = '/usr/bin/chromium';

/** Why there can be no page here; false if there can. */
export const skip = !existsSync(CHROMIUM)
  ? 'chromium is not installed; tools/install-deps.sh sdk does it'
  : !existsSync(join(import.meta.dirname, '../node_modules/playwright-core'))
    ? 'packages are missing; tools/install-deps.sh sdk installs them'
    : false;

/** Answers with a file, whole or the range asked for. */
function sendFile(path, request, response) {
  const { size } = statSync(path);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  const headers = { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'accept-ranges': 'bytes',
    'content-length': end - start + 1 };
  if (range) headers['content-range'] = `bytes ${start}-${end}/${size}`;
  response.writeHead(range ? 206 : 200, headers);
  createReadStream(path, { start, end }).pipe(response);
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts));
}

/** Serves what `made` holds by path, and files of the folders; what is posted as JSON goes to `posted` by path. */
export function serve(folders, made = {}, port = 0, posted = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (request.method === 'POST' && path in posted) {
      bodyOf(request).then(posted[path]);
      return response.end();
    }
    if (path in made) {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/html' });
      return response.end(made[path]);
    }
    const file = folders.map((folder) => join(folder, normalize(path))).find((f) => existsSync(f) && statSync(f).isFile());
    if (file) return sendFile(file, request, response);
    response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

/** The module as one script whose exports are `window.kerf`. */
export async function bundle(entry) {
  const { build } = await import('esbuild');
  const result = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'kerf',
    target: 'es2022', logLevel: 'error', logOverride: { 'empty-import-meta': 'silent' } });
  return result.outputFiles[0].text;
}

const source = (path) => join(import.meta.dirname, '../src', path);

export async function openBrowser() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** A page that has loaded the module, with /worker.js and /kerf.wasm; close() ends the browser and the server. */
export async function openPage(entry, folders) {
  const server = await serve(folders, {
    '/': '<!doctype html><meta charset="utf-8"><body><script src="/bundle.js"></script>',
    '/bundle.js': await bundle(entry),
    '/worker.js': await bundle(source('worker.ts')),
    '/favicon.ico': '',
  });
  const browser = await openBrowser();
  const page = await browser.newPage();
  page.setDefaultTimeout(30000);
  page.on('pageerror', (error) => console.error('page:', error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return {
    page,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
