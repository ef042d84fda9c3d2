// SPDX-License-Identifier: LGPL-2.1-or-later
// Exact pictures of a video track: at a time, the one whose presentation interval holds it, as the native engine has it.

import { EncodedPacketSink, type EncodedPacket, type InputVideoTrack } from 'mediabunny';
import { KerfError } from '../errors.js';
import { FrameCache } from './cache.js';
import { Run } from './decoder.js';

const CACHE_BYTES = 96 << 20;
const RUNS = 3; // decoders at different places of one file: a dissolve within it needs two
const NEAR = 0.3; // s that are rather decoded than leapt over by beginning at the next key frame
const SLACK = 1e-8; // s, far below any time base: what doubles lose of times on a frame's start

/** The decoder's configuration, or an error that says what the browser cannot do. */
export async function decoderConfig(track: InputVideoTrack, name: string): Promise<VideoDecoderConfig> {
  const config = await track.getDecoderConfig();
  const codec = config?.codec ?? String(await track.getInternalCodecId());
  if (typeof VideoDecoder === 'undefined')
    throw new KerfError('unsupported', `${name}: this browser has no WebCodecs to decode video with`);
  const supported = config && (await VideoDecoder.isConfigSupported(config).catch(() => null))?.supported;
  if (!supported)
    throw new KerfError('unsupported', `${name}: this browser does not decode ${codec}; H.264 and VP9 are safe choices`);
  return config;
}

export class FrameReader {
  private readonly cache = new FrameCache(CACHE_BYTES);
  private readonly runs: Run[] = [];
  private readonly pending = new Map<number, Promise<EncodedPacket>>();
  private clock = 0;
  private closed = false;

  private constructor(
    private readonly sink: EncodedPacketSink,
    private readonly config: VideoDecoderConfig,
    private readonly first: EncodedPacket,
    private readonly origin: number,
    private readonly name: string,
  ) {}

  /** origin: what the track's clock says at media time 0. */
  static async open(track: InputVideoTrack, origin: number, name: string): Promise<FrameReader> {
    const config = await decoderConfig(track, name);
    const sink = new EncodedPacketSink(track);
    const first = await sink.getFirstKeyPacket();
    if (!first) throw new KerfError('media', `${name}: holds no picture that can be decoded`);
    return new FrameReader(sink, config, first, origin, name);
  }

  /** A picture of the caller's, who closes it. Before the first the first, after the last the last. */
  async frameAt(time: number): Promise<VideoFrame> {
    const packet = await this.packetAt(time);
    const at = packet.microsecondTimestamp;
    const known = this.cache.get(at);
    if (known) return known;
    const key = await this.decode(packet);
    const frame = this.cache.get(at) ?? this.cache.nearest(key.microsecondTimestamp, at);
    if (!frame) throw new KerfError('media', `${this.name}: the picture at ${time.toFixed(3)} s cannot be decoded`);
    return frame;
  }

  /** Decodes up to `time`; a failure is told to who asks for the picture. */
  async prefetch(time: number): Promise<void> {
    const packet = await this.packetAt(time);
    if (!this.cache.has(packet.microsecondTimestamp)) await this.decode(packet).catch(() => {});
  }

  close(): void {
    this.closed = true;
    for (const run of this.runs) run.close();
    this.cache.clear();
  }

  private async packetAt(time: number): Promise<EncodedPacket> {
    return (await this.sink.getPacket(time + this.origin + SLACK, { metadataOnly: true })) ?? this.first;
  }

  private decode(packet: EncodedPacket): Promise<EncodedPacket> {
    const at = packet.microsecondTimestamp;
    const begun = this.pending.get(at);
    if (begun) return begun;
    const decoding = this.decodeNow(packet).finally(() => this.pending.delete(at));
    this.pending.set(at, decoding);
    return decoding;
  }

  /** Decodes the packet, and gives the key frame that it goes back to. */
  private async decodeNow(packet: EncodedPacket): Promise<EncodedPacket> {
    const key = (await this.sink.getKeyPacket(packet.timestamp + SLACK)) ?? this.first;
    if (this.closed) throw new KerfError('closed', `${this.name} was closed`);
    const { run, restart } = this.choose(packet, key);
    run.used = ++this.clock;
    try {
      await run.decodeTo(packet, key, restart);
      return key;
    } catch (error) {
      throw new KerfError('media', `${this.name}: ${(error as Error).message || 'decoding failed'}`);
    }
  }

  /** The run that reaches the packet soonest; else a new one at its key frame, or the one not asked for longest. */
  private choose(packet: EncodedPacket, key: EncodedPacket): { run: Run; restart: boolean } {
    const limit = packet.timestamp - key.timestamp + NEAR;
    const near = this.runs
      .map((run) => ({ run, distance: run.distance(packet) }))
      .sort((a, b) => a.distance - b.distance)[0];
    if (near && near.distance <= limit) return { run: near.run, restart: false };
    const run =
      this.runs.length < RUNS
        ? this.runs[this.runs.push(new Run(this.sink, this.config, this.cache)) - 1]!
        : this.runs.reduce((oldest, other) => (other.used < oldest.used ? other : oldest));
    return { run, restart: true };
  }
}
