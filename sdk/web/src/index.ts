// SPDX-License-Identifier: LGPL-2.1-or-later
export * from './types.js';
export { KerfError } from './errors.js';
export { Engine, init } from './engine.js';
export { MediaShelf, OpenFilm, reelFilm } from './compose.js';
export { webMedia, type MediaSource, type WebMediaOptions } from './media/open.js';
export type { AudioName, CodecChoice, Container, QualityName, VideoName } from './export/codecs.js';
export { exportFilm, type ExportOptions } from './export/export.js';
export { FileSink, type FileOptions } from './export/sink.js';
export { processVideo, type VideoInput } from './video.js';
export { Preview } from './preview.js';
export { getSupportedEffects, OptimizedBuffer, processFrame, processVideoPreview } from './process.js';
