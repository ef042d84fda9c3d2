// SPDX-License-Identifier: LGPL-2.1-or-later
// The other side of RemotePlayer: a player on an OffscreenCanvas.
import { Engine } from './engine.js';
import { webMedia } from './media/open.js';
import { Player } from './player.js';
import type { CodecChoice } from './export/codecs.js';
import { type AnswerMessage, type CallMessage, type FilmAnswer, instant, type StartMessage } from './remote.js';
import type { Film, FilmInfo, PlaybackClock, PreviewEvents, ReelConfig } from './types.js';

/** Time as the page tells it, and as it passes in between. */
class ToldClock implements PlaybackClock {
  #time = 0;
  #at: number | undefined;

  tell(time: number, now: number): void {
    this.#time = time;
    if (this.#at !== undefined) this.#at = now;
  }

  async play(_film: FilmInfo, from: number): Promise<void> {
    this.#time = from;
    this.#at = instant();
  }

  pause(): void {
    this.#time = this.time;
    this.#at = undefined;
  }

  get time(): number {
    return this.#at === undefined ? this.#time : this.#time + (instant() - this.#at) / 1000;
  }
}

const answer = (message: AnswerMessage) => postMessage(message, { transfer: 'result' in message ? buffersOf(message.result) : [] });

/** Samples and files are given away, not copied. */
function buffersOf(result: unknown): Transferable[] {
  if (result instanceof Float32Array || result instanceof Uint8Array) return [result.buffer as ArrayBuffer];
  return Array.isArray(result) ? result.flatMap(buffersOf) : [];
}

async function start(message: StartMessage) {
  const { canvas, wasm, baseUrl } = message;
  const files = { ...message.files };
  const engine = await Engine.create(wasm === undefined ? {} : { wasm });
  const clock = new ToldClock();
  const player = new Player(engine, canvas, webMedia(baseUrl === undefined ? { files } : { baseUrl, files }), clock, message.lines);
  for (const event of ['frame', 'state', 'warning', 'error'] as (keyof PreviewEvents)[])
    player.listeners.on(event, (...args: unknown[]) => answer({ event, args }));
  return { player, clock, files, stop: new AbortController() };
}

type Started = Awaited<ReturnType<typeof start>>;

async function setFilm(player: Player, film: Film | ReelConfig): Promise<FilmAnswer> {
  const info = await player.setFilm(film);
  return { info, sound: player.sound?.info ?? null };
}

function runExport(started: Started, options: CodecChoice): Promise<Uint8Array> {
  started.stop = new AbortController();
  const onProgress = (...args: [number, number]) => answer({ event: 'progress', args });
  return started.player.export({ ...options, signal: started.stop.signal, onProgress });
}

async function run(started: Started, message: CallMessage): Promise<unknown> {
  const { player, clock, files } = started;
  if (message.call === 'setFilm') return setFilm(player, message.film);
  if (message.call === 'addFiles') return void Object.assign(files, message.files);
  if (message.call === 'sound') return player.sound?.render(message.first, message.count) ?? [];
  if (message.call === 'export') return runExport(started, message.options);
  if (message.call === 'stopExport') return started.stop.abort();
  if (message.call === 'time') return clock.tell(message.time, message.now);
  if (message.call === 'seek') return player.seek(message.time);
  if (message.call === 'pause') return player.pause();
  if (message.call === 'close') return player.close();
  await player.play();
  clock.tell(message.time, message.now);
}

let started: Promise<Started> | undefined;

addEventListener('message', ({ data }: MessageEvent<StartMessage | CallMessage>) => {
  if ('canvas' in data) {
    started = start(data);
    started.catch(() => {}); // told to who calls
    return;
  }
  const { id } = data;
  started!.then((both) => run(both, data)).then(
    (result) => answer({ id, result }),
    (error: Error & { code?: string }) => answer({ id, error: { code: error.code ?? 'internal', message: error.message } }),
  );
});
