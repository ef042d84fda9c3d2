// SPDX-License-Identifier: LGPL-2.1-or-later
// The package as it is published, built anew where something changed, and the native kerf.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const missing = ['emcc', 'meson', 'ninja'].filter((name) => spawnSync('which', [name]).status !== 0);

/** Why the package cannot be built here; false if it can. */
export const skip = missing.length > 0
  ? `${missing.join(', ')} not installed; tools/install-deps.sh sdk does it`
  : !existsSync(join(root, 'node_modules/typescript'))
    ? 'packages are missing; tools/install-deps.sh sdk installs them'
    : false;

if (!skip) execFileSync(join(root, 'tools/build.sh'), { stdio: ['ignore', 2, 2] });

/** A file of the built package. */
export const dist = (name) => join(root, 'dist', name);

export const kerf = join(process.env.KERF_BUILD ?? join(root, '../../build'), 'apps/kerf/kerf');
