// SPDX-License-Identifier: LGPL-2.1-or-later
'use strict';
const { rmSync } = require('node:fs');
const fs = require('node:fs/promises');
const path = require('node:path');
const { usage } = require('./errors.cjs');

/** Folders of engines that were not closed: they go with the process, or the thread. */
const left = new Set();
const removeLeft = () => left.forEach((folder) => rmSync(folder, { recursive: true, force: true }));

/** Files whose names the engine chooses: in a folder of its own within tempDirectory, gone when it is closed. */
class Temp {
  #parent;
  #made;
  #count = 0;

  constructor(parent) {
    this.#parent = path.resolve(parent);
  }

  /** The folder, which is made when it is first needed. */
  folder() {
    this.#made ??= this.#make();
    return this.#made;
  }

  async #make() {
    await fs.mkdir(this.#parent, { recursive: true });
    const made = await fs.mkdtemp(path.join(this.#parent, 'kerf-'));
    if (left.size === 0) process.on('exit', removeLeft);
    left.add(made);
    return made;
  }

  /** A path that nothing has yet. A name that would lead out of the folder is refused. */
  async path(name) {
    if (/[/\\\0]/.test(name) || name === '..' || name === '.' || name === '')
      throw usage('name', `"${name}" is not the name of a file in tempDirectory`);
    return path.join(await this.folder(), `${++this.#count}-${name}`);
  }

  /** Writes a file that is there for as long as `use` runs. */
  async with(name, content, use) {
    const file = await this.path(name);
    try {
      if (content !== undefined) await fs.writeFile(file, content, { mode: 0o600 });
      return await use(file);
    } finally {
      await fs.rm(file, { recursive: true, force: true });
    }
  }

  async clear() {
    const made = this.#made;
    this.#made = undefined;
    if (!made) return;
    await fs.rm(await made, { recursive: true, force: true });
    left.delete(await made);
    if (left.size === 0) process.off('exit', removeLeft);
  }
}

module.exports = { Temp };
