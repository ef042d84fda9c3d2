// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the demo and serves it:   PORT=8090 node serve.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { init } from '../dist/index.js';
import { serve } from '../test/browser.mjs';

const here = (path) => join(import.meta.dirname, path);

/** One script for the page, one for the worker; both with all they need. */
export async function buildDemo() {
  const { outputFiles } = await build({
    entryPoints: { main: here('main.ts'), worker: here('../src/worker.ts') }, bundle: true, write: false, format: 'esm',
    target: 'es2022', outdir: '/', minify: true, logLevel: 'error',
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));
}

const OTHER_KINDS = /^(captions|slideshow|quote)/; // than chats

/** What the page offers, as the engine's own schema has it. */
async function choices() {
  const engine = await init({ wasm: readFileSync(here('../dist/kerf.wasm')) });
  const { properties } = engine.reelSchema();
  const looks = properties.template.enum.filter((name) => !OTHER_KINDS.test(name));
  return { looks, animations: properties.animationSettings.properties.messageAnimationType.enum };
}

export async function serveDemo(port = 0) {
  const made = { '/': readFileSync(here('index.html')), '/choices.json': JSON.stringify(await choices()), ...(await buildDemo()) };
  return serve([import.meta.dirname, here('../dist')], made, port);
}

if (process.argv[1] === import.meta.filename) {
  const server = await serveDemo(Number(process.env.PORT ?? 8090));
  console.log(`http://127.0.0.1:${server.address().port}/`);
}
