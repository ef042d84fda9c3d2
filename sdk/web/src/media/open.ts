// SPDX-License-Identifier: LGPL-2.1-or-later
// Media of films in the browser: files by URL or as Blobs, demuxed by mediabunny, decoded by WebCodecs.

import { ALL_FORMATS, BlobSource, Input, UrlSource, type InputAudioTrack, type InputVideoTrack, type Source } from 'mediabunny';
import { KerfError } from '../errors.js';
import type { AssetRequest, FrameSource, MediaFacts, MediaProvider } from '../types.js';
import { FrameReader } from './frames.js';
import { mp3Gaps, type Peek } from './gapless.js';
import { mediaOrigin } from './origin.js';
import { SoundReader } from './sound.js';
import { openStill, pictureType } from './still.js';

/** Pictures of an asset, and its sound. */
export interface MediaSource extends FrameSource {
  /** null: has none. */
  readonly sound: SoundReader | null;
}

export interface WebMediaOptions {
  /** What assets' paths are relative to; default the page. */
  baseUrl?: string;
  /** Files that the page has at hand, by the path or the id that the film has for them. */
  files?: Record<string, Blob>;
}

/** A file at hand, or at an URL. */
interface File {
  name: string;
  peek: Peek;
  blob: () => Promise<Blob>;
  source: () => Source;
}

const blobFile = (blob: Blob, name: string): File => ({
  name,
  peek: async (from, length) => new Uint8Array(await blob.slice(from, from + length).arrayBuffer()),
  blob: async () => blob,
  source: () => new BlobSource(blob),
});

async function fetchOk(url: string, name: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch(() => null);
  if (response?.ok) return response;
  throw new KerfError('not_found', `${name}: cannot be fetched from ${url}${response ? ` (${response.status})` : ''}`);
}

/** The first bytes of a response; from a server that does not know ranges, no more than these are read. */
async function firstBytes(response: Response, skip: number, length: number): Promise<Uint8Array> {
  const bytes: number[] = [];
  const reader = response.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const rest = part.value.subarray(Math.min(skip, part.value.length));
    skip -= part.value.length - rest.length;
    bytes.push(...rest.subarray(0, length - bytes.length));
    if (bytes.length >= length) break;
  }
  await reader.cancel();
  return Uint8Array.from(bytes);
}

const urlFile = (url: string, name: string): File => ({
  name,
  peek: async (from, length) => {
    const response = await fetchOk(url, name, { headers: { range: `bytes=${from}-${from + length - 1}` } });
    return firstBytes(response, response.status === 206 ? 0 : from, length);
  },
  blob: async () => (await fetchOk(url, name)).blob(),
  source: () => new UrlSource(url),
});

async function videoFacts(track: InputVideoTrack, origin: number): Promise<NonNullable<MediaFacts['video']>> {
  const aspect = await track.getPixelAspectRatio();
  return {
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    duration: (await track.computeDuration()) - origin,
    alpha: await track.canBeTransparent(),
    rotation: await track.getRotation(),
    pixelAspect: aspect.num / aspect.den,
  };
}

async function openSound(track: InputAudioTrack, origin: number, file: File): Promise<SoundReader> {
  const sampleRate = await track.getSampleRate();
  const gaps = (await track.getCodec()) === 'mp3' ? await mp3Gaps(file.peek) : { before: 0, after: 0 };
  const start = origin + gaps.before / sampleRate;
  const duration = (await track.computeDuration()) - start - gaps.after / sampleRate;
  return new SoundReader(track, start, { duration, sampleRate, channels: await track.getNumberOfChannels() }, file.name);
}

async function openMedia(file: File): Promise<MediaSource> {
  const input = new Input({ source: file.source(), formats: ALL_FORMATS });
  if (!(await input.canRead().catch(() => false)))
    throw new KerfError('media', `${file.name}: is not media that the browser can read (MP4, MOV, WebM, MP3, WAV, Ogg, ...)`);
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  const origin = await mediaOrigin([video, audio].filter((track) => track !== null));
  const frames = video && (await FrameReader.open(video, origin, file.name));
  const sound = audio && (await openSound(audio, origin, file));
  const facts: MediaFacts = {};
  if (video) facts.video = await videoFacts(video, origin);
  if (sound) facts.audio = sound.facts;
  return {
    facts,
    sound,
    frameAt: async (time) => frames?.frameAt(time) ?? null,
    prefetch: (_, to) => void frames?.prefetch(to),
    close: () => {
      frames?.close();
      sound?.close();
      input.dispose();
    },
  };
}

async function openFile(file: File): Promise<MediaSource> {
  if (!pictureType(await file.peek(0, 64))) return openMedia(file);
  return { ...(await openStill(await file.blob(), file.name)), sound: null };
}

/** Media by path, relative to the page or `baseUrl`, or from the page's own files. */
export function webMedia(options: WebMediaOptions = {}): MediaProvider & { open(asset: AssetRequest): Promise<MediaSource> } {
  const base = options.baseUrl ?? (globalThis.document?.baseURI || globalThis.location?.href);
  return {
    open: ({ id, path }) => {
      const blob = options.files?.[path] ?? options.files?.[id];
      return openFile(blob ? blobFile(blob, path) : urlFile(new URL(path, base).href, path));
    },
  };
}
