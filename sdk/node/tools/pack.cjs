// SPDX-License-Identifier: LGPL-2.1-or-later
// Lays out the two packages from a build, and packs them:   pack.cjs BUILD OUT
// OUT/node is the package that users install, OUT/node-PLATFORM-ARCH what it needs on this platform.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '../../..');
const source = path.join(root, 'sdk/node');
const main = JSON.parse(fs.readFileSync(path.join(source, 'package.json')));
const platform = `${main.name}-${process.platform}-${process.arch}`;

/** All files under a folder. */
function* filesIn(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(at);
    else yield at;
  }
}

/** What the build installs, with its library path as an installation has it. */
function install(build, stage) {
  const options = ['install', '-C', build, '--no-rebuild', '--destdir', stage, '--tags', 'runtime,node'];
  execFileSync('meson', options, { stdio: ['ignore', 'ignore', 'inherit'] });
  const found = [...filesIn(stage)];
  return (name) => found.find((file) => path.basename(file) === name) ?? fail(
    `${build} installs no ${name}: was node there when it was configured? meson setup --reconfigure ${build}`);
}

function fail(message) {
  throw new Error(message);
}

function writePackage(folder, description, copies) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  for (const [name, from] of Object.entries({ LICENSE: path.join(root, 'LICENSE'), ...copies }))
    fs.cpSync(from, path.join(folder, name), { recursive: true, dereference: true });
}

function pack(folder, into) {
  const options = ['pack', folder, '--pack-destination', into, '--json', '--offline'];
  const [{ filename, size }] = JSON.parse(execFileSync('npm', options, { stdio: ['ignore', 'pipe', 'ignore'] }));
  return { file: path.join(into, filename.replace('@', '').replace('/', '-')), size };
}

function platformPackage() {
  return {
    name: platform, version: main.version, description: `The engine of ${main.name} for ${process.platform}-${process.arch}`,
    license: main.license, os: [process.platform], cpu: [process.arch], libc: ['glibc'], engines: main.engines,
    files: ['kerf', 'kerf.node', 'libkerf.so.0', 'README.md', 'LICENSE'],
  };
}

function mainPackage() {
  const { devDependencies, scripts, ...published } = main;
  return { ...published, optionalDependencies: { [platform]: main.version } };
}

function build(from, into) {
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'kerf-pack-'));
  try {
    const installed = install(from, stage);
    const engine = path.join(into, path.basename(platform)), api = path.join(into, 'node');
    writePackage(engine, platformPackage(), {
      kerf: installed('kerf'), 'kerf.node': installed('kerf.node'), 'libkerf.so.0': installed('libkerf.so.0'),
      'README.md': path.join(source, 'PLATFORM.md'),
    });
    writePackage(api, mainPackage(), Object.fromEntries(
      main.files.filter((name) => name !== 'LICENSE').map((name) => [name, path.join(source, name)])));
    return [api, engine].map((folder) => pack(folder, into));
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

const [from, into] = process.argv.slice(2).map((folder) => path.resolve(folder));
if (!into) fail('usage: pack.cjs BUILD OUT');
for (const { file, size } of build(from, into)) console.log(`${file} (${(size / 1e6).toFixed(1)} MB)`);
