// SPDX-License-Identifier: LGPL-2.1-or-later
// What a media file is, in the SDK's casing.
'use strict';

const camel = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** The same with keys in camelCase; tags of the file keep theirs. */
function camelKeys(value) {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [camel(key), key === 'metadata' ? of : camelKeys(of)]));
}

function ratio(text) {
  const [over, under = 1] = String(text ?? '').split('/').map(Number);
  return over > 0 && under > 0 ? over / under : undefined;
}

/** From the engine's description: the best picture and sound first, then all there is. */
function metadataOf(description) {
  const { metadata, streams, ...file } = camelKeys(description);
  const video = streams.find((stream) => stream.type === 'video');
  const audio = streams.find((stream) => stream.type === 'audio');
  return {
    path: file.path, container: file.container, still: file.still, duration: file.duration,
    durationMs: file.duration * 1000, fileSize: file.bytes, bitRate: file.bitRate,
    width: video?.shownWidth, height: video?.shownHeight, rotation: video?.rotation, fps: ratio(video?.rate),
    videoCodec: video?.codec, pixelFormat: video?.pixelFormat, frames: video?.frames,
    audioCodec: audio?.codec, sampleRate: audio?.sampleRate, channels: audio?.channels,
    streams, chapters: file.chapters, tags: metadata,
  };
}

module.exports = { metadataOf };
