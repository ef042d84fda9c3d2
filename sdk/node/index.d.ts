// SPDX-License-Identifier: LGPL-2.1-or-later
/// <reference types="node" />
import { EventEmitter } from 'node:events';

/** Version of the package. */
export const version: string;

export interface VideoEngineOptions {
  /** Use decoders and encoders of the graphics card where there are any. Default false. */
  enableHardwareAcceleration?: boolean;
  /** How many jobs run at the same time. Default 4. */
  maxConcurrentJobs?: number;
  /** Megabytes that all jobs together may use. Default 2048. */
  memoryLimit?: number;
  /** Where files go whose names the engine chooses. Default: the system's folder for temporary files. */
  tempDirectory?: string;
  /** Render in this process, not in processes of their own: a crash of a codec is then a crash of the server. Default false. */
  inProcess?: boolean;
}

/** A film as an object (docs/film-format.md), its JSON, or the path of a file. */
export type Film = object | string;

export interface Progress {
  stage: 'open' | 'render' | 'finish';
  /** Frames done, and all there are. */
  frame: number;
  frames: number;
  /** Since the start. */
  seconds: number;
  fps: number;
  /** Film time per wall time. */
  speed: number;
  /** Seconds left; negative while not known. */
  eta: number;
}

export interface RenderOptions {
  /** Stops the job. */
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  /** Jobs of a higher one start first; default 0. */
  priority?: number;
  /** As of the engine, for this job. */
  inProcess?: boolean;
  /** Without an output: what the name of the file in tempDirectory ends with. Default video.mp4. */
  name?: string;
  /** Seconds of the film; default all of it. */
  start?: number;
  end?: number;
  width?: number;
  height?: number;
  /** Frames per second: 30, 29.97, "30000/1001". */
  rate?: number | string;
  /** Id of the sequence; default the main one. */
  sequence?: string;
  /** Name from `kerf formats`; default by the output's extension. */
  preset?: string;
  videoCodec?: string;
  audioCodec?: string;
  /** Of the encoder: its preset's name, such as "medium". */
  speed?: string;
  /** Constant quality of the encoder; less is better. */
  crf?: number;
  /** Bits per second. */
  videoBitrate?: number;
  audioBitrate?: number;
  /** Missing media: a placeholder and a warning instead of an error. */
  allowMissing?: boolean;
  /** A source range beyond its media: its last frame and a warning instead of an error. */
  clampRanges?: boolean;
  pixelFormat?: string;
  profile?: string;
  /** Threads of the job; default one per CPU. */
  threads?: number;
}

export interface RenderResult {
  success: true;
  /** Absolute. */
  outputPath: string;
  durationMs: number;
  durationInSeconds: number;
  /** Bytes. */
  fileSize: number;
  /** The same as fileSize. */
  sizeInBytes: number;
  renderTimeMs: number;
  metadata: { frames: number; samples: number; duration: number; [key: string]: unknown };
}

export interface JobEvents {
  /** It has its turn. */
  start: [];
  /** A process renders it: its number. */
  worker: [number];
  /** Its process died, and it begins anew. */
  retry: [KerfError];
  progress: [Progress];
  warning: [string];
}

/** A piece of work: a promise of its result and an emitter of progress at once. */
export class Job<T> extends EventEmitter implements Promise<T> {
  private constructor();
  then<A = T, B = never>(
    resolved?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: KerfError) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(rejected?: ((reason: KerfError) => B | PromiseLike<B>) | null): Promise<T | B>;
  finally(settled?: (() => void) | null): Promise<T>;
  readonly [Symbol.toStringTag]: string;
  /** Stops it, if it has not ended. It is rejected with KERF_CANCELLED and leaves no file. */
  cancel(): void;
  on<K extends keyof JobEvents>(event: K, listener: (...values: JobEvents[K]) => void): this;
  once<K extends keyof JobEvents>(event: K, listener: (...values: JobEvents[K]) => void): this;
  off<K extends keyof JobEvents>(event: K, listener: (...values: JobEvents[K]) => void): this;
}

export interface MediaStream {
  type: 'video' | 'audio' | 'subtitle' | string;
  codec: string;
  duration: number;
  [key: string]: unknown;
}

export interface VideoMetadata {
  path: string;
  container: string;
  /** It is one picture. */
  still: boolean;
  /** Seconds. */
  duration: number;
  durationMs: number;
  /** Bytes. */
  fileSize: number;
  /** Bits per second. */
  bitRate?: number;
  /** Pixels as shown, upright and square; undefined without a picture. */
  width?: number;
  height?: number;
  rotation?: number;
  fps?: number;
  frames?: number;
  videoCodec?: string;
  pixelFormat?: string;
  audioCodec?: string;
  sampleRate?: number;
  channels?: number;
  streams: MediaStream[];
  chapters: unknown[];
  tags: Record<string, string>;
}

export interface FrameOptions {
  /** Seconds; default 0. */
  at?: number;
  width?: number;
  height?: number;
  /** Of the bytes; default png. */
  format?: 'png' | 'jpg' | 'webp';
}

export class VideoEngine {
  constructor(options?: VideoEngineOptions);
  /** Loads the engine and makes the folder for temporary files. */
  initialize(): Promise<void>;
  /** Renders a film to a file; without an output, to one in tempDirectory, which close() removes. */
  render(film: Film, output?: string | null, options?: RenderOptions): Job<RenderResult>;
  /** What a media file is. */
  getVideoMetadata(path: string): Promise<VideoMetadata>;
  /** A picture of a media file: its path if an output is given, else its bytes. */
  extractFrame(input: string, options: FrameOptions & { output: string }): Promise<string>;
  extractFrame(input: string, options?: FrameOptions): Promise<Buffer>;
  /** Counts in Prometheus' text format. */
  metrics(): string;
  /** Stops what runs and gives back what the engine holds. */
  close(): Promise<void>;
}

/** "KERF_" and the name of what went wrong. Stable. */
export type KerfErrorCode =
  | 'KERF_USAGE' | 'KERF_PARSE' | 'KERF_INVALID' | 'KERF_NOT_FOUND' | 'KERF_MEDIA' | 'KERF_RANGE' | 'KERF_UNSUPPORTED'
  | 'KERF_EXISTS' | 'KERF_IO' | 'KERF_NO_SPACE' | 'KERF_MEMORY' | 'KERF_ENCODE' | 'KERF_CANCELLED' | 'KERF_INTERNAL'
  /** The process that rendered died, twice. */
  | 'KERF_CRASHED';

export class KerfError extends Error {
  code: KerfErrorCode;
  /** The file that the error is about, if it is about one. */
  file?: string;
  /** The option or key that is wrong, such as "tracks[0].clips[2].opacity". */
  field?: string;
}
