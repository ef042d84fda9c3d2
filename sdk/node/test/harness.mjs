// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests share: folders of their own, media made with ffmpeg, and the SDK as a user imports it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export * from '../index.mjs';
export const run = promisify(execFile);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'kerf-node-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

/** A new folder, gone when the tests of the file have ended. */
export function folder() {
  const made = path.join(scratch, String(++folders));
  mkdirSync(made);
  return made;
}

/** 2 s of a test picture, 320x180 at 25 fps, with a tone. */
export async function clip(into, seconds = 2) {
  const file = path.join(into, 'clip.mp4');
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${seconds}`, '-f', 'lavfi', '-i',
    `sine=d=${seconds}`, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', file]);
  return file;
}

export const generated = (generator, seconds, params = {}) => ({
  kerf: 1, size: [160, 90], rate: 25, tracks: [{ clips: [{ generator, duration: seconds, params }] }],
});
/** A film whose render takes minutes. */
export const endless = {
  kerf: 1, size: [640, 360], rate: 25,
  tracks: [{ clips: [{ generator: 'noise', duration: 3600, effects: [{ effect: 'blur', radius: 9 }] }] }],
};
