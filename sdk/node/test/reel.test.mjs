// SPDX-License-Identifier: LGPL-2.1-or-later
// Reels, and files from elsewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { VideoEngine, clip, folder } from './harness.mjs';

const fast = { speed: 'ultrafast', width: 270, height: 480 };
const chat = (more = {}) => ({
  videoSettings: { fps: 10, resolution: '270x480' },
  messages: [{ sender: 'Anna', text: 'Are you coming?' }, { sender: 'me', side: 'right', text: 'Yes! See https://example.org/x' }], ...more,
});
let here, media, server, address, asked;
const engine = new VideoEngine({ tempDirectory: folder() });
before(async () => {
  media = await clip(here = folder(), 1);
  const body = await fs.readFile(media);
  server = http.createServer(({ url }, answer) => {
    asked.push(url);
    if (url === '/away') answer.writeHead(302, { location: 'http://127.0.0.2:1/secret' }).end();
    else if (url === '/near') answer.writeHead(302, { location: '/clip.mp4' }).end();
    else if (url === '/clip.mp4') answer.end(body);
    else answer.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}`;
  asked = [];
});
after(async () => {
  server.close();
  await engine.close();
});

test('a config as an object, as JSON and as a file, in a process and here, gives the same video', async () => {
  const file = path.join(here, 'chat.json'), sizes = new Set();
  await fs.writeFile(file, JSON.stringify(chat()));
  for (const [given, inProcess] of [[chat(), false], [JSON.stringify(chat()), false], [file, false], [chat(), true]]) {
    const result = await engine.render(given, path.join(here, 'chat.mp4'), { ...fast, inProcess });
    assert.ok(result.durationMs >= 4000, `${result.durationMs}`); // two messages of 2 s
    sizes.add(result.fileSize);
  }
  assert.equal(sizes.size, 1);
});

test('a picture of a reel', async () => {
  const bytes = await engine.renderFrame(chat(), { at: 1, width: 135, height: 240 });
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [135, 240]);
  assert.notDeepEqual(bytes, await engine.renderFrame(chat(), { at: 3.5, width: 135, height: 240 }));
  await assert.rejects(engine.renderFrame(chat({ messges: [] })), { code: 'KERF_INVALID', field: 'messges' });
});

test('the older form is taken', async () => {
  const request = { type: 'chat', settings: { width: 270, height: 480, fps: 10 }, input: { config: JSON.stringify(chat()) } };
  const { metadata } = await engine.render(request, path.join(here, 'old.mp4'), fast);
  assert.ok(metadata.frames >= 40);
});

test('errors name the place in the config', async () => {
  await assert.rejects(engine.render(chat({ messges: [] }), path.join(here, 'x.mp4')), (error) => {
    assert.equal(error.code, 'KERF_INVALID');
    assert.equal(error.field, 'messges');
    assert.match(error.message, /did you mean "messages"/);
    return true;
  });
  const missing = path.join(here, 'none.mp4');
  const config = chat({ backgroundSettings: { backgroundType: 'video', backgroundUrl: missing } });
  await assert.rejects(engine.render(config, path.join(here, 'x.mp4')),
    { code: 'KERF_NOT_FOUND', field: 'backgroundSettings.backgroundUrl', file: missing });
});

test('remote files are off', async () => {
  const remote = (url) => chat({ backgroundSettings: { backgroundType: 'video', backgroundUrl: url } });
  for (const url of [`${address}/clip.mp4`, 'http://169.254.169.254/latest', 'file:///etc/passwd', 'ftp://a/b', 'concat://x'])
    await assert.rejects(engine.render(remote(url), path.join(here, 'x.mp4')),
      { code: 'KERF_INVALID', field: 'backgroundSettings.backgroundUrl' });
  const film = { kerf: 1, assets: { a: { path: `${address}/clip.mp4` } }, tracks: [{ clips: [{ asset: 'a' }] }] };
  await assert.rejects(engine.render(film, path.join(here, 'x.mp4')), { code: 'KERF_INVALID', field: 'assets.a.path' });
  assert.deepEqual(asked, []);
});

test('files outside of the allowed folders are refused', async () => {
  const inside = folder(), own = new VideoEngine({ tempDirectory: folder(), allowedFolders: [inside] });
  await fs.copyFile(media, path.join(inside, 'clip.mp4'));
  await fs.symlink(media, path.join(inside, 'link.mp4'));
  const config = (url) => chat({ backgroundSettings: { backgroundType: 'video', backgroundUrl: url } });
  for (const url of [media, '../clip.mp4', 'link.mp4', '/etc/passwd'])
    await assert.rejects(own.render(config(url), null, { folder: inside }),
      { code: 'KERF_INVALID', field: 'backgroundSettings.backgroundUrl', message: /allowedFolders/ });
  assert.ok((await own.render(config('clip.mp4'), null, { ...fast, folder: inside })).success);
  await own.close();
});

test('remote files of allowed hosts are fetched, also by way of others of them, and removed', async () => {
  const tempDirectory = folder(), open = new VideoEngine({ tempDirectory, allowedHosts: ['127.0.0.1'] });
  const film = (url) => ({ kerf: 1, size: [160, 90], assets: { a: url }, tracks: [{ clips: [{ asset: 'a' }] }] });
  const output = path.join(here, 'remote.mp4');
  assert.equal((await open.render(film(`${address}/near`), output, { speed: 'ultrafast' })).durationMs, 1000);
  assert.deepEqual(await fs.readdir(path.join(tempDirectory, (await fs.readdir(tempDirectory))[0])), []);
  await assert.rejects(open.render(film(`${address}/away`), output), { code: 'KERF_INVALID', field: 'assets.a' });
  await assert.rejects(open.render(film(`${address}/none`), output), { code: 'KERF_NOT_FOUND', field: 'assets.a' });
  await assert.rejects(open.render(film('http://localhost:1/x'), output), { code: 'KERF_INVALID' });
  await open.close();
});

test('repeated jobs on the same media are answered from the cache', async () => {
  const own = new VideoEngine({ tempDirectory: folder() });
  const config = chat({ backgroundSettings: { backgroundType: 'video', backgroundUrl: media } });
  for (let i = 0; i < 8; i++) await own.render({ ...config, messages: config.messages.slice(0, 1) }, path.join(here, 'again.mp4'), fast);
  assert.ok(Number(/^kerf_cache_hit_rate (.*)$/m.exec(own.metrics())[1]) >= 0.85);
  await own.close();
});
