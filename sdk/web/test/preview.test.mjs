// SPDX-License-Identifier: LGPL-2.1-or-later
// A film with media, text and sound in a real Chromium: beside the native engine's pictures and samples, playing, exported.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPage, skip as noPage } from './browser.mjs';
import { dist, kerf, skip as notBuilt } from './built.mjs';

const skip = notBuilt || noPage;
const folder = mkdtempSync(join(tmpdir(), 'kerf-web-preview-'));
const run = (name, ...args) => execFileSync(name, args, { cwd: folder, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
const title = (params, start, duration) => ({ generator: 'title', start, duration, params: { font: 'DejaVu Sans', ...params } });
const film = {
  kerf: 1, assets: { clip: 'clip.mp4', voice: 'voice.wav' },
  sequences: [{ id: 'main', size: [270, 480], rate: 30, tracks: [
    { name: 'picture', clips: [
      { asset: 'clip', in: 0.5, duration: 1, transform: { fit: 'cover' }, gain: -6 }, { transition: 'dissolve', duration: 0.4 },
      { asset: 'clip', in: 2, duration: 1, transform: { fit: 'cover' } }] },
    { clips: [{ generator: 'shape', duration: 2, params: { kind: 'rounded', size: [220, 80], radius: 30, fill: '#2b2b2e',
      position: [135, 150], shadow_color: '#00000080', shadow_blur: 6 } }] },
    { clips: [title({ text: 'Where are you? 😅', size: 20, position: [135, 150] }, 0, 2)] },
    { clips: [title({ text: 'slides in', size: 26, color: '#ffee00', font: 'DejaVu Sans Bold', outline_width: 2,
      position: { keys: [{ t: 0, v: [60, 400] }, { t: 1, v: [190, 400] }] } }, 0.2, 1.5)] },
    { name: 'voice', kind: 'audio', gain: { keys: [{ t: 0, v: -12 }, { t: 2, v: -3 }] }, clips: [
      { asset: 'voice', start: 0.5, in: 0.25, duration: 1.2, fade_in: 0.2, fade_out: 0.3, pan: -0.5 }] },
    { kind: 'audio', audio_effects: [{ effect: 'duck', sidechain: 'voice', amount: -12 }], clips: [
      { asset: 'voice', out: 0.7, duration: 2, loop: true, gain: -9 }] },
  ] }],
};
let site;

before(async () => {
  if (skip) return;
  run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=4', '-f', 'lavfi', '-i', 'sine=330:d=4:r=48000',
    '-c:v', 'libx264', '-g', '24', '-pix_fmt', 'yuv420p', '-c:a', 'flac', '-strict', '-2', 'clip.mp4');
  run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'anoisesrc=d=2:c=pink:r=44100:seed=3', 'voice.wav');
  writeFileSync(join(folder, 'film.json'), JSON.stringify(film));
  site = await openPage(join(import.meta.dirname, 'page.ts'), [folder, dist('.')]);
});
after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

/** All of two RGB pictures' structural similarity, by ffmpeg. */
function ssim(a, b) {
  const filter = '[0]format=gbrp[a];[1]format=gbrp[b];[a][b]ssim=ssim.txt';
  run('ffmpeg', '-v', 'error', '-y', '-i', a, '-i', b, '-lavfi', filter, '-f', 'null', '-');
  return Number(/All:([0-9.]+)/.exec(readFileSync(join(folder, 'ssim.txt'), 'utf8'))[1]);
}

const onFilm = (work, ...args) => site.page.evaluate(`(async () => {
  const engine = await kerf.init({ wasm: '/kerf.wasm' });
  const warn = (message) => { throw new Error(message); };
  const film = await kerf.OpenFilm.open(engine, ${JSON.stringify(film)}, new kerf.MediaShelf(engine, kerf.webMedia(), warn), warn);
  return (${work})(film, ...${JSON.stringify(args)});
})()`);

test('frames with media, shapes and text look like the native ones', { skip }, async () => {
  const frames = [0, 12, 29, 50];
  const pictures = await onFilm(async (film, frames) => {
    const all = [];
    for (const n of frames) {
      const canvas = document.createElement('canvas');
      const p = await film.compose(n, 'RGBA');
      [canvas.width, canvas.height] = [p.width, p.height];
      canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(p.packed(0)), p.width, p.height), 0, 0);
      all.push(canvas.toDataURL('image/png').split(',')[1]);
    }
    return all;
  }, frames);
  frames.forEach((n, i) => {
    writeFileSync(join(folder, 'web.png'), Buffer.from(pictures[i], 'base64'));
    run(kerf, 'frame', 'film.json', '--at', `${n}f`, '-o', 'native.png', '--overwrite');
    const alike = ssim('native.png', 'web.png');
    assert.ok(alike >= 0.98, `frame ${n}: SSIM ${alike}`);
  });
});

test('sound is the native sound, sample for sample', { skip }, async () => {
  const { info, planes } = await onFilm(async (film) => {
    const planes = [[], []];
    for (let at = 0; at < film.sound.info.length; at += 4000)
      (await film.sound.render(at, 4000)).forEach((plane, c) => planes[c].push(...plane));
    return { info: film.sound.info, planes };
  });
  assert.deepEqual(info, { rate: 48000, channels: 2, length: 96000 });
  run(kerf, 'render', 'film.json', '-o', 'native.wav', '-q', '--video-codec', 'none', '--audio-codec', 'pcm_f32');
  const bytes = run('ffmpeg', '-v', 'error', '-i', 'native.wav', '-f', 'f32le', '-');
  const want = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let [worst, power] = [0, 0];
  for (let i = 0; i < 96000; i++) {
    worst = Math.max(worst, Math.abs(planes[0][i] - want[2 * i]), Math.abs(planes[1][i] - want[2 * i + 1]));
    power += want[2 * i] ** 2 / 96000;
  }
  assert.ok(power > 1e-4, 'there is something to hear');
  assert.ok(worst < 0.02, `samples differ by ${worst}`); // resampling from 44.1 kHz has another filter
});

const preview = (work, setup = {}) => site.page.evaluate(`(async () => {
  document.body.innerHTML = '<canvas></canvas>';
  const heard = { states: [], frames: [], warnings: [] };
  const preview = new kerf.Preview(document.querySelector('canvas'), { wasm: '/kerf.wasm', workerUrl: '/worker.js', ...${JSON.stringify(setup)} });
  preview.on('state', (state) => heard.states.push(state));
  preview.on('frame', (time) => heard.frames.push(time));
  preview.on('warning', (message) => heard.warnings.push(message));
  await preview.setFilm(${JSON.stringify(film)});
  const result = await (${work})(preview, heard);
  await preview.close();
  return { heard, result };
})()`);

test('a preview with few lines shows the same, smaller', { skip }, async () => {
  const { result } = await preview(async (preview) => {
    const info = await preview.setFilm({ kerf: 1, size: [200, 100], rate: 25, tracks: [{ clips: [
      { generator: 'solid', duration: 1, params: { color: '#ff8000' }, transform: { crop_left: 0.5 } }] }, { clips: [
      { generator: 'shape', duration: 1, params: { kind: 'path', path: 'M0,0 L50,0 L50,50 L0,50 Z', fill: '#00ff00', position: [50, 50] } }] }] });
    const canvas = document.querySelector('canvas');
    const at = (x) => Array.from(canvas.getContext('2d').getImageData(x, 30, 1, 1).data);
    return [info.width, info.height, canvas.width, canvas.height, at(10), at(30), at(70)];
  }, { worker: false, lines: 40 });
  assert.deepEqual(result, [200, 100, 80, 40, [0, 0, 0, 255], [0, 255, 0, 255], [255, 128, 0, 255]]);
});

for (const worker of [true, false])
  test(`a preview plays to the end ${worker ? 'in a worker' : 'on the page'}, in time`, { skip }, async () => {
    const { heard, result } = await preview(async (preview, heard) => {
      await preview.seek(1);
      heard.frames.length = 0;
      const began = performance.now();
      await preview.play();
      const started = performance.now();
      while (preview.state === 'playing' && performance.now() - began < 8000) await new Promise((f) => setTimeout(f, 20));
      return { took: (performance.now() - started) / 1000, time: preview.time };
    }, { worker });
    assert.deepEqual(heard.states, ['playing', 'ended']);
    assert.equal(result.time, 2);
    assert.ok(result.took > 0.9 && result.took < 1.6, `one second of film took ${result.took} s`);
    const times = heard.frames;
    assert.ok(times.length >= 3, `${times.length} pictures`);
    assert.deepEqual(times, times.toSorted((a, b) => a - b), 'in order');
  });

test('an edit shows at once and playing goes on', { skip }, async () => {
  const { heard, result } = await preview(async (preview) => {
    await preview.play();
    await new Promise((f) => setTimeout(f, 300));
    await preview.setFilm({ kerf: 1, size: [64, 64], rate: 30, tracks: [{ clips: [{ generator: 'solid', duration: 9 }] }] });
    await new Promise((f) => setTimeout(f, 300));
    const state = preview.state;
    preview.pause();
    return [state, preview.state, preview.time];
  });
  assert.deepEqual(result.slice(0, 2), ['playing', 'paused']);
  assert.ok(result[2] > 0.3 && result[2] < 5, `at ${result[2]} s`);
  assert.deepEqual(heard.warnings, []);
});

for (const [container, video, audio] of [['mp4', 'h264', 'opus'], ['webm', 'vp9', 'opus']])
  test(`export to ${container}`, { skip }, async () => {
    const { result } = await preview(`async (preview) => {
      let last;
      const bytes = await preview.export({ container: '${container}', onProgress: (...at) => (last = at) });
      return [last, btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''))];
    }`);
    assert.deepEqual(result[0], [60, 60]);
    writeFileSync(join(folder, `out.${container}`), Buffer.from(result[1], 'base64'));
    const probe = JSON.parse(run('ffprobe', '-v', 'error', '-count_frames', '-show_streams', '-of', 'json', `out.${container}`));
    const [picture, sound] = probe.streams;
    const { codec_name, width, height, nb_read_frames, color_space, color_range, r_frame_rate } = picture;
    assert.deepEqual({ codec_name, width, height, nb_read_frames, color_space, color_range, r_frame_rate }, {
      codec_name: video, width: 270, height: 480, nb_read_frames: '60', color_space: 'bt709', color_range: 'tv', r_frame_rate: '30/1' });
    assert.deepEqual([sound.codec_name, sound.sample_rate, sound.channels], [audio, '48000', 2]);
    run('ffmpeg', '-v', 'error', '-y', '-ss', '0.5', '-i', `out.${container}`, '-frames:v', '1', 'first.png');
    run(kerf, 'frame', 'film.json', '--at', '15f', '-o', 'native.png', '--overwrite');
    const alike = ssim('native.png', 'first.png');
    assert.ok(alike > 0.85, `SSIM of an exported frame ${alike}`);
  });

test('an export is cancelled at once', { skip }, async () => {
  const { result } = await preview(async (preview) => {
    const stop = new AbortController();
    let stopped = 0;
    const error = await preview.export({ signal: stop.signal, onProgress: (done) => {
      if (done === 3) {
        stopped = performance.now();
        stop.abort();
      }
    } }).catch((e) => e);
    return [error.code, performance.now() - stopped];
  });
  assert.equal(result[0], 'cancelled');
  assert.ok(result[1] < 1000, `${result[1]} ms`);
});
