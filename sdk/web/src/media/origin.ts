// SPDX-License-Identifier: LGPL-2.1-or-later
// Media time 0, as the native engine has it: where what a player shows first begins.

import type { InputTrack, InputVideoTrack } from 'mediabunny';

/** Negative starts are an encoder's delay, which is not heard. */
const startOf = async (track: InputTrack) => Math.max(0, await track.getFirstTimestamp());

/** Where sound begins before the pictures by no whole number of frames, 0 is moved so that frame n begins n frames later. */
async function onFrame(video: InputVideoTrack, first: number): Promise<number> {
  const start = await startOf(video);
  if (start === first) return first;
  const { averagePacketRate } = await video.computePacketStats(100);
  const rate = averagePacketRate < 1000 && averagePacketRate > 0.5 ? averagePacketRate : 25;
  return start - Math.floor((start - first) * rate + 1e-6) / rate;
}

export async function mediaOrigin(tracks: InputTrack[]): Promise<number> {
  if (!tracks.length) return 0;
  const first = Math.min(...(await Promise.all(tracks.map(startOf))));
  const video = tracks.find((track) => track.isVideoTrack());
  return video ? onFrame(video as InputVideoTrack, first) : first;
}
