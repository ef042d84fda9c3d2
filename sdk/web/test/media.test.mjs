// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures and sound of media in a real Chromium, beside what ffmpeg decodes: the same frames bit for bit, sound on its sample.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPage, skip } from './browser.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kerf-web-media-'));
const ffmpeg = (...args) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder, maxBuffer: 1 << 28 });
const noise = 'anoisesrc=d=2:c=pink:r=48000:seed=3';
let site;

before(async () => {
  if (skip) return;
  const pictures = (rate, seconds) => ['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=${rate}:d=${seconds}`];
  ffmpeg(...pictures(24, 3), '-f', 'lavfi', '-i', noise, '-c:v', 'libx264', '-g', '24', '-bf', '2', '-pix_fmt', 'yuv420p',
    '-c:a', 'aac', '-b:a', '192k', 'film.mp4');
  ffmpeg(...pictures(25, 2), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '20', '-pix_fmt', 'yuv420p',
    'film.webm');
  ffmpeg(...pictures(30, 2), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-vf', "select='not(mod(n,3))+not(mod(n,7))'",
    '-fps_mode', 'vfr', '-enc_time_base', '1:90000', 'variable.mp4');
  ffmpeg(...pictures(25, 0.2), '-c:v', 'mpeg4', 'old.mp4');
  ffmpeg('-f', 'lavfi', '-i', noise, 'sound.wav', '-b:a', '192k', 'sound.mp3', '-c:a', 'libopus', 'sound.ogg');
  ffmpeg('-f', 'lavfi', '-i', 'color=c=0x336699@0.5:s=8x4,format=rgba', '-frames:v', '1', 'still.png');
  writeFileSync(join(folder, 'text.txt'), 'not media');
  site = await openPage(join(import.meta.dirname, '../src/media/open.ts'), [folder]);
});
after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

/** Every frame's time and MD5, by ffmpeg. */
function reference(file) {
  const text = ffmpeg('-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-').toString();
  const [, num, den] = /#tb 0: (\d+)\/(\d+)/.exec(text);
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return lines.map((line) => line.split(',').map((s) => s.trim())).map((f) => ({ time: (f[2] * num) / den, md5: f[5] }));
}

/** MD5 of the pictures at the times, in the order asked for. */
async function pictures(file, times) {
  const encoded = await site.page.evaluate(async ([path, at]) => {
    const media = await kerf.webMedia().open({ index: 0, id: 'x', path });
    const all = [];
    for (const time of at) {
      const frame = await media.frameAt(time);
      const bytes = new Uint8Array(frame.allocationSize());
      await frame.copyTo(bytes);
      frame.close();
      all.push(btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')));
    }
    media.close();
    return all;
  }, [file, times]);
  return encoded.map((text) => createHash('md5').update(Buffer.from(text, 'base64')).digest('hex'));
}

for (const file of ['film.mp4', 'film.webm', 'variable.mp4'])
  test(`${file}: the frame whose interval holds the time, forward, backward and here and there`, { skip }, async () => {
    const frames = reference(file);
    const forward = frames.map((_, i) => i);
    const jumps = forward.map((_, i) => (i * 37 + 11) % frames.length).slice(0, 20);
    const late = (i) => (i + 1 < frames.length && i % 2 ? (frames[i + 1].time - frames[i].time) * 0.9 : 0);
    for (const order of [forward, forward.toReversed(), jumps]) {
      const got = await pictures(file, order.map((i) => frames[i].time + late(i)));
      assert.deepEqual(got, order.map((i) => frames[i].md5));
    }
    const [first, last] = await pictures(file, [-1, 99]);
    assert.deepEqual([first, last], [frames[0].md5, frames.at(-1).md5], 'outside, the first and the last');
  });

test('requests at once from two places are all answered', { skip }, async () => {
  const times = await site.page.evaluate(async () => {
    const media = await kerf.webMedia().open({ index: 0, id: 'x', path: 'film.mp4' });
    const asked = [0, 2, 0, 2.5, 1, 0.5, 2].map((time) => media.frameAt(time));
    return (await Promise.all(asked)).map((frame) => (frame.close(), frame.timestamp / 1e6));
  });
  assert.deepEqual(times, [0, 2, 0, 2.5, 1, 0.5, 2]);
});

const samplesOf = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

for (const file of ['film.mp4', 'sound.wav', 'sound.mp3', 'sound.ogg'])
  test(`${file}: sound stands on its sample`, { skip }, async () => {
    const want = samplesOf(ffmpeg('-i', file, '-vn', '-f', 'f32le', '-'));
    const [count, first, got] = await site.page.evaluate(async (path) => {
      const media = await kerf.webMedia().open({ index: 0, id: 'x', path });
      const { first, planes } = await media.sound.samples(48000, 2);
      return [planes[0].length, first, planes.map((plane) => Array.from(plane.subarray(0, 48000)))];
    }, file);
    assert.equal(first, 0); // mono, heard on both sides
    assert.equal(count, 96000);
    let worst = 0; // AAC makes noise up, which differs in its beginnings from decoder to decoder
    for (let i = 0; i < 48000; i++) for (const c of [0, 1]) worst = Math.max(worst, Math.abs(got[c][i] - want[i]));
    assert.ok(worst < 2e-4, `samples differ by ${worst}`);
  });

test('a part of a sound is the same samples, at another rate too', { skip }, async () => {
  for (const rate of [48000, 44100]) {
    const worst = await site.page.evaluate(async (rate) => {
      const media = await kerf.webMedia().open({ index: 0, id: 'x', path: 'sound.wav' });
      const whole = await media.sound.samples(rate, 2);
      const part = await media.sound.samples(rate, 2, 1.2345, 1.5);
      const at = Math.round(1.3 * rate);
      return Array.from({ length: 1000 }, (_, i) => Math.abs(whole.planes[1][at + i] - part.planes[1][at + i - part.first]))
        .reduce((a, b) => Math.max(a, b));
    }, rate);
    assert.equal(worst, 0, `${rate} Hz`);
  }
});

test('a still has its straight pixels at every time', { skip }, async () => {
  const [facts, pixel] = await site.page.evaluate(async () => {
    const media = await kerf.webMedia().open({ index: 0, id: 'x', path: 'still.png' });
    const picture = await media.frameAt(5);
    return [media.facts.video, Array.from(picture.planes[0].data.slice(0, 4))];
  });
  assert.deepEqual(facts, { width: 8, height: 4, duration: null, alpha: true });
  assert.deepEqual(pixel.map((v, i) => Math.abs(v - [0x33, 0x66, 0x99, 0x7f][i]) <= 1), [true, true, true, true], pixel.join());
});

test('what cannot be read says why', { skip }, async () => {
  const failures = await site.page.evaluate(async () => {
    const failure = (path) => kerf.webMedia().open({ index: 0, id: 'x', path }).then(() => null, (e) => [e.code, e.message]);
    return [await failure('none.mp4'), await failure('text.txt'), await failure('old.mp4')];
  });
  assert.deepEqual(failures.map(([code]) => code), ['not_found', 'media', 'unsupported']);
  assert.match(failures[0][1], /^none\.mp4: cannot be fetched from http.*\(404\)$/);
  assert.match(failures[2][1], /^old\.mp4: this browser does not decode/);
});
