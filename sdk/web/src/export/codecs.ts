// SPDX-License-Identifier: LGPL-2.1-or-later
// What this browser can write, and what is chosen of it.

import { canEncodeAudio, canEncodeVideo, Quality, type AudioCodec, type VideoCodec } from 'mediabunny';
import { KerfError } from '../errors.js';

export type Container = 'mp4' | 'webm';
export type VideoName = 'h264' | 'vp8' | 'vp9' | 'av1';
export type AudioName = 'aac' | 'opus';
export type QualityName = 'low' | 'medium' | 'high' | 'lossless';

export interface CodecChoice {
  container?: Container;
  video?: VideoName;
  audio?: AudioName;
  /** A name, or 0 to 1. Default high. */
  quality?: QualityName | number;
  /** Bits per second of the picture, in place of a quality. */
  bitrate?: number;
}

export interface PictureSize {
  width: number;
  height: number;
  rate: number;
}

const VIDEO: Record<VideoName, VideoCodec> = { h264: 'avc', vp8: 'vp8', vp9: 'vp9', av1: 'av1' };
const VIDEO_OF: Record<Container, VideoName[]> = { mp4: ['h264', 'vp9', 'av1'], webm: ['vp9', 'vp8', 'av1'] };
const AUDIO_OF: Record<Container, AudioName[]> = { mp4: ['aac', 'opus'], webm: ['opus'] };
const LEVELS: Record<QualityName, number> = { low: 0.25, medium: 0.5, high: 0.75, lossless: 1 };

export function qualityOf({ quality = 'high', bitrate }: CodecChoice): Quality {
  if (bitrate) return new Quality({ bitrate });
  return new Quality({ quality: typeof quality === 'number' ? quality : LEVELS[quality] });
}

async function firstOf<T>(names: T[], can: (name: T) => Promise<boolean>): Promise<T | null> {
  for (const name of names) if (await can(name)) return name;
  return null;
}

function refuse(kind: string, wanted: string[], container: Container): never {
  const what = wanted.join(' or ');
  throw new KerfError('unsupported', `this browser does not encode ${kind} as ${what} for ${container}; a server with kerf does`);
}

/** The codec that was asked for, or the first of the container's that this browser encodes. */
export async function chooseVideo(choice: CodecChoice, container: Container, size: PictureSize): Promise<VideoCodec> {
  if (typeof VideoEncoder === 'undefined') throw new KerfError('unsupported', 'this browser has no WebCodecs to encode with');
  const names = choice.video ? [choice.video] : VIDEO_OF[container];
  const { width, height, rate } = size;
  const can = (name: VideoName) => canEncodeVideo(VIDEO[name], { width, height, frameRate: rate, quality: qualityOf(choice) });
  return VIDEO[(await firstOf(names, can)) ?? refuse(`pictures of ${width}x${height}`, names, container)];
}

export async function chooseAudio(choice: CodecChoice, container: Container, channels: number, rate: number): Promise<AudioCodec> {
  const names = choice.audio ? [choice.audio] : AUDIO_OF[container];
  const can = (name: AudioName) => canEncodeAudio(name, { numberOfChannels: channels, sampleRate: rate, quality: SOUND });
  return (await firstOf(names, can)) ?? refuse('sound', names, container);
}

export const SOUND = new Quality({ bitrate: 128_000 });
