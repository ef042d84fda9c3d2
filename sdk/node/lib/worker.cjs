// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders in processes of their own: `kerf render` and `kerf reel`, as the render queue starts them. Such a process ends
// with this one, whose end closes its standard input.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs/promises');
const path = require('node:path');
const { createInterface } = require('node:readline');
const { KerfError, cancelled } = require('./errors.cjs');
const { executable } = require('./native.cjs');

const TAIL = 2000;

/** What a process that was killed left beside its output (".NAME.kerf-part-PID-N"). */
async function clean(output, pid) {
  const folder = path.dirname(output), start = `.${path.basename(output)}.kerf-part-${pid}-`;
  const names = await fs.readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => name.startsWith(start))
    .map((name) => fs.rm(path.join(folder, name), { recursive: true, force: true })));
}

const codeOf = (name) => `KERF_${name.toUpperCase().replaceAll('-', '_')}`;

/** Hears what a process says, line by line: JSON, and words for people, of which the last are kept. */
class Ear {
  report;
  error;
  words = '';
  #on;

  constructor(on) {
    this.#on = on;
  }

  listen(stream) {
    createInterface({ input: stream }).on('line', (line) => this.#line(line));
  }

  #line(line) {
    if (!line.startsWith('{')) this.words = `${this.words}${line}\n`.slice(-TAIL);
    else this.#told(JSON.parse(line));
  }

  #told(told) {
    if (told.stage) this.#on.progress?.(told);
    else if (told.warning) this.#on.warning?.(told.warning);
    else if (told.error) this.error = told;
    else if (told.done) this.report = told;
  }
}

function crashed(output, code, signal, words) {
  const how = signal ? `by signal ${signal}` : `with code ${code}`;
  return new KerfError('KERF_CRASHED', `${output}: the process that rendered it ended ${how} without saying why` +
    `${words ? `; its last words: ${words.trim()}` : ''}`, { file: output });
}

/** The end of a process: its report, or what went wrong. */
function ended({ report, error, words }, output, code, signal) {
  if (report && code === 0) return report;
  throw error ? KerfError.of(codeOf(error.error), error.message) : crashed(output, code, signal, words);
}

async function pass(stream, chunk) {
  for await (const bytes of stream) await chunk(bytes);
}

/**
 * Runs `kerf` with these words (a command first), to make the output; with on.chunk, to give its bytes to that.
 * @returns a promise of its report; the signal kills the process, and what it left is removed
 */
function renderInWorker([command, ...words], output, { on = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const into = on.chunk ? '-' : output;
    const child = spawn(executable(), [command, ...words, '--output', into, '--progress=json', '--stop-on-eof'],
      { stdio: ['pipe', 'pipe', 'pipe'] });
    const ear = new Ear(on), kill = () => child.kill('SIGKILL');
    if (on.chunk) pass(child.stdout, on.chunk).catch(kill);
    else ear.listen(child.stdout);
    ear.listen(child.stderr);
    child.stdin.on('error', () => {});
    child.on('error', (cause) => reject(new KerfError('KERF_INTERNAL', `${executable()} cannot be started`, { cause })));
    signal?.addEventListener('abort', kill, { once: true });
    if (child.pid) on.start?.(child.pid);
    child.on('close', (code, by) => {
      signal?.removeEventListener('abort', kill);
      const end = () => {
        if (signal?.aborted && !ear.report) throw cancelled();
        return ended(ear, output ?? 'stream', code, by);
      };
      (by && output ? clean(output, child.pid) : Promise.resolve()).then(end).then(resolve, reject);
    });
  });
}

module.exports = { clean, renderInWorker };
