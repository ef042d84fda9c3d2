// SPDX-License-Identifier: LGPL-2.1-or-later
// POST /jobs          a config or a film as JSON; answers 202 with the job        (?priority=5)
// GET /jobs           all jobs                  GET /jobs/ID           one
// GET /jobs/ID/events its changes, as server-sent events
// GET /jobs/ID/video  what it made              DELETE /jobs/ID        stops it and forgets it
// POST /stream        answers with the video itself, while it is made
// GET /metrics        for Prometheus            GET /                  a page to try it
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Jobs } from './jobs.mjs';

const BODY_MAX = 1 << 20, HEARTBEAT_MS = 15_000;
const PAGE = fileURLToPath(new URL('page.html', import.meta.url));
const STATUS = { KERF_NOT_FOUND: 404, KERF_CANCELLED: 409, KERF_INTERNAL: 500, KERF_CRASHED: 500, KERF_IO: 500, KERF_NO_SPACE: 507 };

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function bodyOf(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > BODY_MAX) throw new Refused(413, `a config has at most ${BODY_MAX} bytes`);
    parts.push(part);
  }
  try {
    const config = JSON.parse(Buffer.concat(parts));
    if (config !== null && typeof config === 'object' && !Array.isArray(config)) return config;
  } catch { /* as any other wrong body */ }
  throw new Refused(400, 'the body must be a config or a film, as a JSON object');
}

function json(answer, status, value) {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}

/** The part of a file that a player asks for. */
function rangeOf(header, size) {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!from && !to) return undefined;
  const start = from ? Number(from) : Math.max(0, size - Number(to)), end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  if (start > end) throw new Refused(416, 'there is no such part');
  return { start, end };
}

async function sendVideo(request, answer, file) {
  const { size } = await fs.stat(file), range = rangeOf(request.headers.range, size);
  const headers = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes', 'content-length': range ? range.end - range.start + 1 : size };
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${size}`;
  answer.writeHead(range ? 206 : 200, headers);
  await pipeline(createReadStream(file, range), answer);
}

function sendEvents(answer, job, jobs) {
  const send = (state) => {
    answer.write(`data: ${JSON.stringify(state)}\n\n`);
    if (!['queued', 'running'].includes(state.state)) answer.end();
  };
  const beat = setInterval(() => answer.write(':\n\n'), HEARTBEAT_MS);
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  answer.on('close', () => {
    clearInterval(beat);
    job.off('change', send);
  });
  job.on('change', send);
  send(jobs.describe(job));
}

/** The bytes go out as they are made; who hangs up stops the job. */
async function sendStream(answer, job) {
  const chunks = job[Symbol.asyncIterator](), first = await chunks.next(); // an error before the first byte is still an answer
  answer.writeHead(200, { 'content-type': 'video/mp4' });
  answer.write(first.value);
  answer.on('close', () => job.cancel());
  await pipeline(Readable.from(chunks), answer);
}

/** Pages on this machine may ask, such as the web demo. */
function allowLocalPages(request, answer) {
  const { origin } = request.headers;
  if (!origin || !['localhost', '127.0.0.1'].includes(URL.canParse(origin) ? new URL(origin).hostname : '')) return;
  answer.setHeader('access-control-allow-origin', origin);
  answer.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
  answer.setHeader('access-control-allow-headers', 'content-type');
}

function routes(engine, jobs, media) {
  const found = (id) => jobs.get(id) ?? (() => { throw new Refused(404, `there is no job ${id}`); })();
  return [
    ['GET', /^\/$/, async (_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end(await fs.readFile(PAGE))],
    ['POST', /^\/jobs$/, async (request, answer, url) => {
      const priority = Number(url.searchParams.get('priority')) || 0;
      json(answer, 202, jobs.describe(jobs.add(await bodyOf(request), { priority })));
    }],
    ['GET', /^\/jobs$/, (_, answer) => json(answer, 200, jobs.list())],
    ['GET', /^\/jobs\/([\w-]+)$/, (_, answer, __, id) => json(answer, 200, jobs.describe(found(id)))],
    ['DELETE', /^\/jobs\/([\w-]+)$/, async (_, answer, __, id) => {
      await jobs.remove(found(id));
      answer.writeHead(204).end();
    }],
    ['GET', /^\/jobs\/([\w-]+)\/events$/, (_, answer, __, id) => sendEvents(answer, found(id), jobs)],
    ['GET', /^\/jobs\/([\w-]+)\/video$/, async (request, answer, _, id) => {
      const job = found(id);
      if (job.state !== 'done') throw new Refused(409, `the job is ${job.state}`);
      await sendVideo(request, answer, job.file);
    }],
    ['POST', /^\/stream$/, async (request, answer) =>
      sendStream(answer, engine.render(await bodyOf(request), null, { folder: media, stream: true }))],
    ['GET', /^\/metrics$/, (_, answer) => answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(engine.metrics())],
  ];
}

function refuse(answer, error) {
  const status = error.status ?? (error.code?.startsWith('KERF_') ? STATUS[error.code] ?? 400 : 500);
  if (status === 413) answer.setHeader('connection', 'close'); // the rest of the body is not read
  if (answer.headersSent) answer.destroy();
  else json(answer, status, { code: error.code, message: error.message, field: error.field });
}

async function handle(table, request, answer) {
  allowLocalPages(request, answer);
  const url = new URL(request.url, 'http://server');
  const fitting = table.map(([method, pattern, act]) => [method, pattern.exec(url.pathname), act]).filter(([, match]) => match);
  const [, match, act] = fitting.find(([method]) => method === request.method) ?? [];
  if (request.method === 'OPTIONS') answer.writeHead(204).end();
  else if (act) await act(request, answer, url, ...match.slice(1));
  else throw new Refused(fitting.length ? 405 : 404, `there is no ${request.method} ${url.pathname}`);
}

/** A server that renders with files of the folder `media` only, and keeps its videos in `output`. `options`: of the engine. */
export async function reelServer({ VideoEngine, media, output, ...options }) {
  const folders = [media, output].map((folder) => path.resolve(folder));
  await Promise.all(folders.map((folder) => fs.mkdir(folder, { recursive: true })));
  const engine = new VideoEngine({ ...options, allowedFolders: [folders[0]] });
  await engine.initialize();
  const table = routes(engine, new Jobs(engine, { media: folders[0], output: folders[1] }), folders[0]);
  const server = http.createServer((request, answer) => handle(table, request, answer).catch((error) => refuse(answer, error)));
  server.stop = async () => {
    server.close();
    await engine.close();
    server.closeAllConnections();
  };
  return server;
}
