// SPDX-License-Identifier: LGPL-2.1-or-later
// optimizeVideo(): a file encoded anew so that it has the size that is wanted.
'use strict';
const path = require('node:path');
const { cancelled, usage } = require('./errors.cjs');
const { Helper } = require('./helper.cjs');
const { needsOf } = require('./memory.cjs');
const { call } = require('./native.cjs');
const { check } = require('./options.cjs');
const { clean } = require('./worker.cjs');

const OPTIONS = {
  output: 'text', videoCodec: 'text', audioCodec: 'text', speed: 'text', threads: 'count', signal: 'signal',
  onProgress: 'function', priority: 'number', inProcess: 'flag',
};

/** In a process of its own, which the signal kills; what that left is removed. */
async function optimizeOutside(options, hooks) {
  const helper = new Helper(1), kill = () => helper.close();
  hooks.signal.addEventListener('abort', kill, { once: true });
  let pid;
  try {
    const done = helper.call('optimize', options, { on: hooks.on });
    hooks.on.start?.(pid = helper.pid);
    return await done;
  } catch (error) {
    if (pid) await clean(options.output, pid);
    throw hooks.signal.aborted ? cancelled() : error;
  } finally {
    hooks.signal.removeEventListener('abort', kill);
    helper.close();
  }
}

/** A job. Beside the input, with "-optimized" in its name, if no output is given. */
function optimize(core, renderer, input, targetSizeMB = 50, options = {}) {
  const { signal: _, onProgress: __, priority, inProcess = core.options.inProcess, output, ...encoding } = check(options, OPTIONS);
  if (!(targetSizeMB > 0)) throw usage('targetSizeMB', 'it must be a number of megabytes, more than 0');
  return renderer.start(options, async (job, signal) => {
    const file = path.resolve(input), { width, height } = await core.media.describe(file);
    const { dir, name, ext } = path.parse(file);
    const into = output ? path.resolve(output) : path.join(dir, `${name}-optimized${ext === '.webm' ? ext : '.mp4'}`);
    const given = { ...encoding, input: file, output: into, target: Math.floor(targetSizeMB * 1e6), overwrite: true };
    const on = {
      progress: (p) => job.emit('progress', p), warning: (text) => job.emit('warning', text), start: (pid) => job.emit('worker', pid),
    };
    const { value } = await renderer.turn(job, signal, { priority }, needsOf([width, height], encoding), () =>
      (inProcess ? call('optimize', given, { on, signal }) : optimizeOutside(given, { on, signal })));
    const { ssim, originalSize, optimizedSize, compressionRatio, ...others } = value;
    return { success: true, path: into, originalSize, optimizedSize, compressionRatio, qualityScore: ssim, qualityMetric: 'ssim', ...others };
  });
}

module.exports = { optimize };
