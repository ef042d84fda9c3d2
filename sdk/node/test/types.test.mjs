// SPDX-License-Identifier: LGPL-2.1-or-later
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run } from './harness.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const tsc = path.join(here, '../node_modules/typescript/bin/tsc');

const skip = !existsSync(tsc) && 'typescript is not there: tools/install-deps.sh sdk';

test('the reference is that of the types', { skip }, () => run(process.execPath, [path.join(here, '../tools/reference.cjs'), '--check']));

test('the types hold for a user', { skip }, async () => {
  const { stdout } = await run(process.execPath, [tsc, '-p', here]).catch((failed) => failed);
  if (stdout) throw new Error(stdout);
});
