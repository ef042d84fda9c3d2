// SPDX-License-Identifier: LGPL-2.1-or-later
// The two packages as npm packs them, installed without a network into an empty folder, and used.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder, generated, run } from './harness.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const { KERF_NODE_FOLDER: _, ...env } = process.env;

const uses = (load) => `
  ${load}
  (async () => {
    const engine = new VideoEngine();
    await engine.initialize();
    const result = await engine.render(${JSON.stringify(generated('bars', 0.4))}, 'out.mp4');
    console.log(result.durationMs, (await engine.getVideoMetadata('out.mp4')).videoCodec);
    await engine.close();
  })();`;

test('packed, installed offline and used from both module systems', async () => {
  const packages = folder(), app = folder();
  const { stdout } = await run(process.execPath, [path.join(here, '../tools/pack.cjs'), process.env.KERF_BUILD, packages]);
  const files = stdout.trim().split('\n').map((line) => line.replace(/ \(.*/, ''));
  assert.equal(files.length, 2);
  await fs.writeFile(path.join(app, 'package.json'), '{"name": "app", "private": true}');
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...files], { cwd: app, env });
  await fs.writeFile(path.join(app, 'use.cjs'), uses("const { VideoEngine } = require('@kerf/node');"));
  await fs.writeFile(path.join(app, 'use.mjs'), uses("import { VideoEngine } from '@kerf/node';"));
  for (const script of ['use.cjs', 'use.mjs']) {
    const used = await run(process.execPath, [script], { cwd: app, env });
    assert.equal(used.stdout, '400 h264\n');
  }
  const published = JSON.parse(await fs.readFile(path.join(app, 'node_modules/@kerf/node/package.json')));
  assert.equal(published.scripts, undefined);
});
