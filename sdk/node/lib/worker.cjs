// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders in processes of their own: `kerf render`, as the render queue starts it. The process ends with this one, whose
// end closes its standard input.
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

/** Hears what the process says, line by line; gives what it ended with. */
function listen(stream, on) {
  const said = {};
  createInterface({ input: stream }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const told = JSON.parse(line);
    if (told.stage) on.progress?.(told);
    else if (told.warning) on.warning?.(told.warning);
    else if (told.error) said.error = told;
    else if (told.done) said.report = told;
  });
  return said;
}

function crashed(output, code, signal, tail) {
  const how = signal ? `by signal ${signal}` : `with code ${code}`;
  return new KerfError('KERF_CRASHED', `${output}: the process that rendered it ended ${how} without saying why` +
    `${tail ? `; its last words: ${tail}` : ''}`, { file: output });
}

/** The end of a process: its report, or what went wrong. */
function ended({ report, error }, output, code, signal, tail) {
  if (report && code === 0) return report;
  throw error ? KerfError.of(codeOf(error.error), error.message) : crashed(output, code, signal, tail);
}

/**
 * Runs `kerf render` with these words.
 * @returns a promise of its report; the signal kills the process, and what it left is removed
 */
function renderInWorker(words, output, { on = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const child = spawn(executable(), ['render', ...words, '--output', output, '--progress=json', '--stop-on-eof'],
      { stdio: ['pipe', 'pipe', 'pipe'] });
    let tail = '';
    const kill = () => child.kill('SIGKILL');
    const said = listen(child.stdout, on);
    on.start?.(child.pid);
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text) => { tail = (tail + text).slice(-TAIL); });
    child.on('error', (cause) => reject(new KerfError('KERF_INTERNAL', `${executable()} cannot be started`, { cause })));
    signal?.addEventListener('abort', kill, { once: true });
    child.on('close', (code, by) => {
      signal?.removeEventListener('abort', kill);
      const end = () => {
        if (signal?.aborted && !said.report) throw cancelled();
        return ended(said, output, code, by, tail.trim());
      };
      (by ? clean(output, child.pid) : Promise.resolve()).then(end).then(resolve, reject);
    });
  });
}

module.exports = { renderInWorker };
