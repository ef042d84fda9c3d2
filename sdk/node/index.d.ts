// SPDX-License-Identifier: LGPL-2.1-or-later
/// <reference types="node" />
import { EventEmitter } from 'node:events';

/** Version of the package. */
export const version: string;

export interface VideoEngineOptions {
  /** Kept for later: this version decodes and encodes with the processor either way. Default false. */
  enableHardwareAcceleration?: boolean;
  /** How many jobs run at the same time. Default 4. */
  maxConcurrentJobs?: number;
  /** Megabytes that all jobs together may use. Default 2048. */
  memoryLimit?: number;
  /** Where files go whose names the engine chooses. Default: the system's folder for temporary files. */
  tempDirectory?: string;
  /** Render in this process, not in processes of their own: a crash of a codec is then a crash of the server. Default false. */
  inProcess?: boolean;
  /**
   * Hosts that films and configs may name files of (http and https); one that begins with a dot stands for all that end with it.
   * Such files are fetched into tempDirectory first. Default none.
   */
  allowedHosts?: string[];
  /** If given: the only folders whose files films (as JSON) and configs may name, links resolved. Default any. */
  allowedFolders?: string[];
}

/**
 * A film (docs/film-format.md) or a reel's config (docs/reel.md): an object, its JSON, or the path of a file. What has one
 * of the keys kerf, tracks, sequences or assets is a film.
 */
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
  /** Where relative paths are from; default the current folder, or that of the file. */
  folder?: string;
  /** The bytes are wanted while they are made: see Job. Needed only if nobody iterates in the same turn. */
  stream?: boolean;
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
  /** A picture that stays as it was is shown longer, not encoded again. mp4, mov, mkv and webm. */
  variableRate?: boolean;
  pixelFormat?: string;
  profile?: string;
  /** Threads of the job; default one per CPU. */
  threads?: number;
}

export interface RenderResult {
  success: true;
  /** Absolute; null if there is no file: the bytes were iterated over, or are in `buffer`. */
  outputPath: string | null;
  durationMs: number;
  durationInSeconds: number;
  /** Bytes. */
  fileSize: number;
  /** The same as fileSize. */
  sizeInBytes: number;
  renderTimeMs: number;
  metadata: {
    frames: number;
    /** Of the sound. */
    samples: number;
    /** Seconds. */
    duration: number;
    seconds: number;
    /** Film time per wall time. */
    speed: number;
    /** Frames decoded; frames that went through untouched. */
    decoded: number;
    passed: number;
    bytes: number;
    /** Bytes of memory that the process had at most. */
    peakMemory?: number;
    /** Of the sound: dBFS, and LUFS. */
    peak?: number;
    lufs?: number;
  };
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

/**
 * A piece of work: a promise of its result, an emitter of progress, and an async iterable of the bytes of its file, which come
 * while they are made, as MP4 in fragments. Who iterates and gave no output gets no file. Leaving the iteration cancels the job.
 */
export class Job<T> extends EventEmitter implements Promise<T>, AsyncIterable<Buffer> {
  private constructor();
  then<A = T, B = never>(
    resolved?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: KerfError) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(rejected?: ((reason: KerfError) => B | PromiseLike<B>) | null): Promise<T | B>;
  finally(settled?: (() => void) | null): Promise<T>;
  readonly [Symbol.toStringTag]: string;
  [Symbol.asyncIterator](): AsyncIterator<Buffer>;
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

export interface ThumbnailOptions {
  /** How many, evenly over the length. Default 10. */
  count?: number;
  /** Instead: at these seconds. */
  at?: number[];
  /** Pixels; one side follows from the other. Default 120 high. */
  width?: number;
  height?: number;
  /** Default jpg. */
  format?: 'png' | 'jpg' | 'webp';
}

export interface WaveformOptions {
  /** Over the length of the sound. Default 1000. */
  points?: number;
  /** Default all together. */
  channel?: number;
}

export interface Waveform {
  points: number;
  channels: number;
  sampleRate: number;
  /** Seconds. */
  duration: number;
  /** Of the samples of each point, -1 to 1. */
  min: Float32Array;
  max: Float32Array;
  rms: Float32Array;
}

/**
 * An effect of the catalog with its parameters ({effect: 'blur', radius: 8}, see docs/effects.md), what is laid over
 * ({generator: 'title', params: {text: 'Hello'}}), or the short form.
 */
export type Effect = ShortEffect | { effect: string; [parameter: string]: unknown } | { generator: string; [key: string]: unknown };

/** What is given is applied in this order. */
export interface ShortEffect {
  /** -1 to 1; 0 leaves it. */
  brightness?: number;
  /** 0 to 10; 1 leaves it. */
  contrast?: number;
  /** 0 to 10; 1 leaves it. */
  saturation?: number;
  /** Degrees. */
  hueShift?: number;
  colorCorrection?: { exposure?: number; temperature?: number; tint?: number; gamma?: unknown; lift?: unknown; gain?: unknown };
  /** Pixels. */
  blur?: number;
  /** 0 to 10. */
  sharpen?: number;
  textOverlay?: TextOverlay | TextOverlay[];
  /** Only in processVideo: how the picture comes and goes. A name of the catalog, or fade. */
  transition?: string | { type: string; duration?: number; at?: 'start' | 'end' | 'both' };
}

export interface TextOverlay {
  text: string;
  /** Of the top left corner, pixels; without them it is centred. */
  x?: number;
  y?: number;
  fontSize?: number;
  /** #rrggbb or #rrggbbaa. */
  color?: string;
  [parameter: string]: unknown;
}

export interface ProcessingConfig {
  /** Pixels; default those of the input. */
  width?: number;
  height?: number;
  fps?: number | string;
  /** Default h264. vp8 and vp9 go into .webm. */
  codec?: 'h264' | 'vp8' | 'vp9';
  /** Default high. */
  quality?: 'low' | 'medium' | 'high' | 'ultra';
  /** Instead of quality: the codec's own constant. */
  crf?: number;
  /** Of the encoder: its preset's name. */
  speed?: string;
  effects?: Effect[];
  /** How it lies in the size. Default contain. */
  fit?: 'contain' | 'cover' | 'stretch';
  /** Seconds of the input. */
  start?: number;
  end?: number;
  /** false: without sound. */
  audio?: boolean;
}

export type JobOptions = Pick<RenderOptions, 'signal' | 'onProgress' | 'priority' | 'inProcess' | 'name' | 'stream'>;

export interface OptimizeOptions {
  /** Default: beside the input, with "-optimized" in its name. */
  output?: string;
  videoCodec?: string;
  audioCodec?: string;
  speed?: string;
  threads?: number;
  signal?: AbortSignal;
  onProgress?(progress: { part: number; doing: string }): void;
  priority?: number;
  inProcess?: boolean;
}

export interface OptimizeResult {
  success: true;
  path: string;
  /** Bytes. */
  originalSize: number;
  optimizedSize: number;
  /** originalSize / optimizedSize. */
  compressionRatio: number;
  /** The mean SSIM of the luma of up to 240 frames: 1 is equal. */
  qualityScore: number;
  qualityMetric: 'ssim';
  /** dB. */
  psnr: number;
  /** It was small enough, and was copied. */
  copied: boolean;
  /** The picture had to be made smaller. */
  scaled: boolean;
  width: number;
  height: number;
  videoBitrate: number;
  audioBitrate: number;
  /** How often the whole was encoded. */
  encodes: number;
}

export type PixelFormat = 'rgba' | 'bgra' | 'rgb24' | 'i420' | 'nv12';

export interface FrameShape {
  width: number;
  height: number;
  /** Default rgba. RGB is of the full range, Y'CbCr of the limited range and BT.709. */
  format?: PixelFormat;
  /** Seconds, for effects with keyframes. */
  at?: number;
  /** Where files that effects name are. */
  folder?: string;
}

export interface FrameEncoding extends FrameShape {
  /** Default 30. */
  fps?: number | string;
  /** A file; without it the result has a Buffer, if nobody iterates over the job. */
  output?: string;
  /** Of the Buffer: mp4 (in fragments; default), mkv, webm. */
  container?: string;
  effects?: Effect[];
  /** Of what is written, if it is not as large as the frames. */
  outputWidth?: number;
  outputHeight?: number;
  /** Of the sound: Hz; without it there is none. */
  sampleRate?: number;
  /** Default 2. */
  channels?: number;
  preset?: string;
  videoCodec?: string;
  audioCodec?: string;
  speed?: string;
  crf?: number;
  videoBitrate?: number;
  audioBitrate?: number;
  pixelFormat?: string;
  profile?: string;
  threads?: number;
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  priority?: number;
  stream?: boolean;
}

/** The pixels of a frame, or samples of sound by turns (left, right, left, ...), -1 to 1. */
export type FrameInput = Uint8Array | { audio: Float32Array };

export class VideoEngine {
  constructor(options?: VideoEngineOptions);
  /** Loads the engine and makes the folder for temporary files. */
  initialize(): Promise<void>;
  /** Renders a film or a reel to a file; without an output, to one in tempDirectory, which close() removes. */
  render(film: Film, output?: string | null, options?: RenderOptions): Job<RenderResult>;
  /** The picture of a film or a reel at a time: its path if an output is given, else its bytes. */
  renderFrame(film: Film, options: FrameOptions & { output: string; folder?: string }): Promise<string>;
  renderFrame(film: Film, options?: FrameOptions & { folder?: string }): Promise<Buffer>;
  /** Renders one file with effects. */
  processVideo(input: string, output?: string | null, config?: ProcessingConfig, options?: JobOptions): Job<RenderResult>;
  /** Encodes a file anew so that it has the size that is wanted (default 50 MB), or up to 3 % less. */
  optimizeVideo(input: string, targetSizeMB?: number, options?: OptimizeOptions): Job<OptimizeResult>;
  /** What a media file is. */
  getVideoMetadata(path: string): Promise<VideoMetadata>;
  /** A picture of a media file: its path if an output is given, else its bytes. */
  extractFrame(input: string, options: FrameOptions & { output: string }): Promise<string>;
  extractFrame(input: string, options?: FrameOptions): Promise<Buffer>;
  /** Small pictures of a file. */
  thumbnails(input: string, options?: ThumbnailOptions): Promise<{ at: number; data: Buffer }[]>;
  /** The peaks of a file's sound. */
  waveform(input: string, options?: WaveformOptions): Promise<Waveform>;
  /** A new picture of the same size and format: this one with effects. The buffer must not change until it is there. */
  processFrame(buffer: Uint8Array, shape: FrameShape, effects?: Effect[]): Promise<Buffer>;
  /** A film of frames, to a file or into memory. */
  encodeFrames(frames: AsyncIterable<FrameInput> | Iterable<FrameInput>, encoding: FrameEncoding): Job<RenderResult & { buffer?: Buffer }>;
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
