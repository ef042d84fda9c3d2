// SPDX-License-Identifier: LGPL-2.1-or-later
// One decoder that runs forward through a stream from some key frame on.

import type { EncodedPacket, EncodedPacketSink } from 'mediabunny';
import type { FrameCache } from './cache.js';

const QUEUE = 6; // packets given to the decoder that it has not begun with
const STALL = 400; // ms without a sign of life, after which pictures are given back to the decoder

export class Run {
  /** When it was last asked, for choosing which run to give up. */
  used = 0;
  private decoder: VideoDecoder;
  private fed: EncodedPacket | null = null;
  private start = -Infinity; // time of the key frame it began at: pictures before it may lack what they refer to
  private shown = -Infinity; // time of the last picture that came out
  private ended = false;
  private failure: Error | null = null;
  private wake: () => void = () => {};
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sink: EncodedPacketSink,
    private readonly config: VideoDecoderConfig,
    private readonly cache: FrameCache,
  ) {
    this.decoder = this.create();
  }

  /** Seconds from where it stands to `packet`, for which it need not begin anew; Infinity if it must. */
  distance(packet: EncodedPacket): number {
    if (!this.fed || this.ended || this.failure || this.shown >= packet.microsecondTimestamp) return Infinity;
    return Math.max(0, packet.timestamp - this.fed.timestamp);
  }

  /** Decodes until the picture of `target` has come out, or one after it; requests are served in turn. */
  decodeTo(target: EncodedPacket, key: EncodedPacket, restart: boolean): Promise<void> {
    const mine = this.turn.then(async () => {
      if (this.cache.has(target.microsecondTimestamp)) return; // whom it waited for has passed it
      if (restart || this.distance(target) === Infinity) this.restart(key);
      await this.advance(target.microsecondTimestamp);
    });
    this.turn = mine.catch(() => {});
    return mine;
  }

  close(): void {
    if (this.decoder.state !== 'closed') this.decoder.close();
    this.failure = new Error('closed');
    this.wake();
  }

  private create(): VideoDecoder {
    const decoder = new VideoDecoder({
      output: (frame) => this.take(frame),
      error: (error) => {
        this.failure = error;
        this.wake();
      },
    });
    decoder.ondequeue = () => this.wake();
    return decoder;
  }

  private take(frame: VideoFrame): void {
    if (frame.timestamp < this.start) {
      frame.close();
      return;
    }
    this.shown = Math.max(this.shown, frame.timestamp);
    this.cache.add(frame.timestamp, frame);
    this.wake();
  }

  private restart(key: EncodedPacket): void {
    if (this.decoder.state === 'closed') this.decoder = this.create();
    else this.decoder.reset();
    this.decoder.configure(this.config);
    this.failure = null;
    this.ended = false;
    this.start = key.microsecondTimestamp;
    this.shown = -Infinity;
    this.fed = null;
    this.feed(key);
  }

  private feed(packet: EncodedPacket): void {
    this.decoder.decode(packet.toEncodedVideoChunk());
    this.fed = packet;
  }

  private async advance(until: number): Promise<void> {
    while (this.shown < until && !this.ended) {
      if (this.failure) throw this.failure;
      if (this.decoder.decodeQueueSize >= QUEUE) await this.signal();
      else await this.feedNext();
    }
    if (this.failure) throw this.failure;
  }

  private async feedNext(): Promise<void> {
    const next = this.fed && (await this.sink.getNextPacket(this.fed));
    if (this.failure) return;
    if (next) {
      this.feed(next);
      return;
    }
    await this.decoder.flush();
    this.ended = true;
  }

  /** Waits for a picture, a place in the queue or an error. */
  private signal(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.cache.relieve();
        resolve();
      }, STALL);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }
}
