// SPDX-License-Identifier: LGPL-2.1-or-later
// The public types. Times are seconds, sizes pixels, colours "#rrggbb" or "#rrggbbaa".

// ---- Films ----

/** A film as in docs/film-format.md, as an object or as its JSON text. */
export type Film = { kerf: 1; [key: string]: unknown } | string;

/** A reel's configuration as in docs/reel.md: what has no `kerf` is taken for one. */
export type ReelConfig = { [key: string]: unknown };

/** What is known of a film that is shown. */
export interface FilmInfo {
  width: number;
  height: number;
  /** Frames per second. */
  rate: number;
  /** Seconds. */
  duration: number;
  frames: number;
  assets: AssetRequest[];
}

// ---- Pictures and sound that a film asks for ----

/** An asset of a film, by its place in the film. */
export interface AssetRequest {
  index: number;
  id: string;
  /** As the film has it: a path or an URL, relative to the film. */
  path: string;
}

/** What is known of an asset without decoding it. */
export interface MediaFacts {
  video?: {
    /** As shown: upright, with square pixels. */
    width: number;
    height: number;
    /** Seconds; null for a still picture. */
    duration: number | null;
    alpha?: boolean;
    /** Frames per second, where known. */
    rate?: number;
    /** Clockwise degrees that show the stored picture upright: 0 (default), 90, 180, 270. */
    rotation?: number;
    /** Width of a stored pixel to its height; default 1. */
    pixelAspect?: number;
  };
  audio?: { duration: number; sampleRate: number; channels: number };
}

/** Names as of WebCodecs' VideoColorSpace. */
export interface ColorSpace {
  matrix?: VideoMatrixCoefficients | null;
  primaries?: VideoColorPrimaries | null;
  transfer?: VideoTransferCharacteristics | null;
  fullRange?: boolean | null;
}

export type PlanesFormat = 'I420' | 'I422' | 'I444' | 'NV12' | 'RGBA';

/** A picture in memory. */
export interface Planes {
  format: PlanesFormat;
  width: number;
  height: number;
  planes: { data: Uint8Array | Uint8ClampedArray; stride: number }[];
  color?: ColorSpace;
}

export type Picture = VideoFrame | ImageBitmap | ImageData | Planes;

/** Pictures of one asset. A picture that is returned is the caller's, who closes it if it can be closed. */
export interface FrameSource {
  readonly facts: MediaFacts;
  /** The picture that shows at a media time: the last one that begins there or before. null: nothing to show. */
  frameAt(time: number): Promise<Picture | null>;
  /** Playback will ask for these next, in order; a source may decode ahead. */
  prefetch?(from: number, to: number): void;
  close(): void;
}

/** Opens the assets of films. Failing for one asset shows a placeholder in its place and is reported. */
export interface MediaProvider {
  open(asset: AssetRequest): Promise<FrameSource>;
}

export interface SoundInfo {
  /** Samples per second. */
  rate: number;
  channels: number;
  /** Samples up to the end of the last clip. */
  length: number;
  /** LUFS that the film asks for. The browser does not measure: it is heard as it is. */
  loudness?: number;
}

/** The sound of a film. */
export interface SoundFeed {
  readonly info: SoundInfo;
  /** n samples of each channel from `first` on. */
  render(first: number, n: number): Promise<Float32Array<ArrayBuffer>[]>;
}

/** The clock that playback follows: of the sound, where there is one. */
export interface PlaybackClock {
  /** What to play; with each film, before it plays. null: it is silent. */
  setSound?(sound: SoundFeed | null): void;
  /** Starts at a film's time; resolves when time runs. */
  play(film: FilmInfo, from: number): Promise<void>;
  pause(): void;
  /** The film's time that is heard now. */
  readonly time: number;
  close?(): void;
}

// ---- Engine ----

export interface InitOptions {
  /** kerf.wasm: where it is, or what it is. Default: beside this package's script. */
  wasm?: URL | string | Response | ArrayBuffer | Uint8Array | WebAssembly.Module;
}

/** Errors carry a stable code; the message names the place in the film and the way out. */
export interface KerfErrorLike extends Error {
  code: string;
}

// ---- Effects ----

export interface TextOverlay {
  text: string;
  /** Top left corner, px; default 0. */
  x?: number;
  y?: number;
  /** px; default 24. */
  fontSize?: number;
  fontFamily?: string;
  color?: string;
}

/** Lift, gamma and gain per channel, and white balance. */
export interface ColorCorrection {
  lift?: string | number[];
  gamma?: string | number[];
  gain?: string | number[];
  temperature?: number;
  tint?: number;
  exposure?: number;
}

/** Of single frames: a transition into `to`, or out of black where there is none, at a moment. */
export interface TransitionEffect {
  /** Of the catalogue, or "fade". */
  type: string;
  /** 0 to 1. */
  progress: number;
  to?: ImageData;
  /** Parameters as the catalogue has them. */
  [param: string]: unknown;
}

/** Short keys; each is an effect of the catalog. */
export interface EffectShorthand {
  /** -1 to 1; 0 leaves it. */
  brightness?: number;
  /** Factor about middle grey; 1 leaves it. */
  contrast?: number;
  /** 0 is grey, 1 leaves it. */
  saturation?: number;
  /** Degrees. */
  hueShift?: number;
  /** Radius, px. */
  blur?: number;
  /** Amount; 0 leaves it. */
  sharpen?: number;
  textOverlay?: TextOverlay;
  /** Of single frames; a name alone is its middle. */
  transition?: TransitionEffect | string;
  colorCorrection?: ColorCorrection;
}

/** An effect as films have it: `{effect: "vignette", amount: 0.5}`; see docs/effects.md. */
export interface CatalogEffect {
  effect: string;
  [param: string]: unknown;
}

export type Effects = EffectShorthand | CatalogEffect | (EffectShorthand | CatalogEffect)[];

export interface EffectInfo {
  id: string;
  kind: 'effect' | 'transition' | 'generator';
  description: string;
  params: {
    id: string;
    type: string;
    unit?: string;
    min?: number;
    max?: number;
    default?: unknown;
    values?: string[];
    animated: boolean;
    description: string;
  }[];
}

// ---- Encoding ----

export interface ProcessVideoConfig {
  width?: number;
  height?: number;
  /** Default 30. */
  fps?: number;
  codec?: 'h264' | 'vp8' | 'vp9';
  quality?: 'low' | 'medium' | 'high' | 'lossless' | number;
  effects?: Effects;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Turns pictures into a file: what processVideo and the export use. */
export interface VideoSink {
  add(picture: VideoFrame): Promise<void>;
  finish(): Promise<Uint8Array>;
  cancel(): Promise<void>;
}

// ---- Preview ----

export interface PreviewOptions extends InitOptions {
  /** Default: media by URL, through WebCodecs. Given one, the preview runs on the calling thread. */
  media?: MediaProvider;
  /** Default: the film's sound through Web Audio. */
  clock?: PlaybackClock;
  /** What assets' paths are relative to; default the page. */
  baseUrl?: string;
  /** Files that the page has at hand, by the path or the id that films have for them. */
  files?: Record<string, Blob>;
  /** Lines of the pictures that are shown, at most: fewer are made sooner. Default: the film's. Exports have all. */
  lines?: number;
  /** The script of the worker; default beside this package's script. */
  workerUrl?: URL | string;
  /** false: stay on the calling thread even where a worker with an OffscreenCanvas would do. */
  worker?: boolean;
}

export interface PreviewEvents {
  /** A picture was shown; its time. */
  frame: (time: number) => void;
  state: (state: 'paused' | 'playing' | 'ended') => void;
  /** What is missing or replaced: media, fonts. */
  warning: (message: string) => void;
  error: (error: KerfErrorLike) => void;
}
