// SPDX-License-Identifier: LGPL-2.1-or-later
// examples/reel-server, as its clients see it.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { reelServer } from '../../../examples/reel-server/server.mjs';
import { VideoEngine, endless, folder } from './harness.mjs';

const config = { videoSettings: { resolution: '180x320', fps: 10, quality: 'low' }, messages: [{ sender: 'Anna', text: 'Hello' }] };
let server, at, media, output;
before(async () => {
  [media, output] = [folder(), folder()];
  server = await reelServer({ VideoEngine, media, output, tempDirectory: folder() });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  at = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.stop());

const post = (where, body) => fetch(at + where, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
async function events(id) {
  const text = await (await fetch(`${at}/jobs/${id}/events`)).text();
  return text.split('\n\n').filter((part) => part.startsWith('data: ')).map((part) => JSON.parse(part.slice(6)));
}

test('a job: accepted, followed, fetched whole and in part, forgotten', async () => {
  const accepted = await post('/jobs', config);
  assert.equal(accepted.status, 202);
  const { id } = await accepted.json(), told = await events(id);
  assert.equal(told.at(-1).state, 'done');
  assert.equal(told.at(-1).result.durationMs, 2000);
  assert.ok(told.some(({ progress }) => progress?.frames === 20));
  const video = Buffer.from(await (await fetch(at + told.at(-1).video)).arrayBuffer());
  assert.equal(video.length, told.at(-1).result.fileSize);
  const part = await fetch(at + told.at(-1).video, { headers: { range: 'bytes=4-7' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 4-7/${video.length}`);
  assert.equal(await part.text(), 'ftyp');
  assert.equal((await fetch(`${at}/jobs/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await fetch(`${at}/jobs/${id}`)).status, 404);
  assert.deepEqual(await fs.readdir(output), []);
});

test('a running job is stopped and leaves nothing', async () => {
  const { id } = await (await post('/jobs?priority=3', endless)).json();
  while (!(await (await fetch(`${at}/jobs/${id}`)).json()).progress) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await (await fetch(`${at}/jobs`)).json()).length, 1);
  await fetch(`${at}/jobs/${id}`, { method: 'DELETE' });
  assert.deepEqual(await fs.readdir(output), []);
});

test('a stream is a video', async () => {
  const answer = await post('/stream', config);
  assert.equal(answer.headers.get('content-type'), 'video/mp4');
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.toString('latin1', 4, 8), 'ftyp');
  assert.ok(bytes.includes('mfra') || bytes.includes('moof'));
});

test('what is wrong is said with a status, a code and the field', async () => {
  const is = async (answer, status, what) => {
    assert.equal((await answer).status, status);
    assert.partialDeepStrictEqual?.(await (await answer).json(), what);
  };
  await is(post('/jobs', 'not JSON'), 400, {});
  await is(post('/jobs', ' '.repeat(2 << 20)), 413, {});
  await is(post('/stream', { ...config, messges: [] }), 400, { code: 'KERF_INVALID', field: 'messges' });
  await is(post('/stream', { ...config, backgroundSettings: { backgroundType: 'image', backgroundUrl: '/etc/passwd' } }), 400, { code: 'KERF_INVALID' });
  await is(post('/stream', { ...config, backgroundSettings: { backgroundType: 'image', backgroundUrl: 'http://127.0.0.1:1/' } }), 400, { code: 'KERF_INVALID' });
  await is(fetch(`${at}/nothing`), 404, {});
  await is(fetch(`${at}/jobs`, { method: 'PUT' }), 405, {});
  const { id } = await (await post('/jobs', { ...config, template: 'none-such' })).json();
  const last = (await events(id)).at(-1);
  assert.equal(last.state, 'failed');
  assert.equal(last.error.code, 'KERF_INVALID');
});

test('the page, the metrics, and pages of this machine', async () => {
  assert.match(await (await fetch(at)).text(), /<title>Reels/);
  const metrics = await (await fetch(`${at}/metrics`)).text();
  assert.match(metrics, /^# TYPE kerf_job_seconds histogram$/m);
  assert.ok(Number(/^kerf_frames_processed_total (\d+)$/m.exec(metrics)[1]) >= 40);
  const headers = (origin) => fetch(`${at}/jobs`, { headers: { origin } }).then((answer) => answer.headers.get('access-control-allow-origin'));
  assert.equal(await headers('http://localhost:5173'), 'http://localhost:5173');
  assert.equal(await headers('https://example.org'), null);
  assert.ok(path.isAbsolute(media));
});
