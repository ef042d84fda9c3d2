// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoded pictures of one source, bounded in bytes; the least recently used leave first.

const bytesOf = (frame: VideoFrame) => (frame.format ? frame.allocationSize() : frame.codedWidth * frame.codedHeight * 4);

export class FrameCache {
  private frames = new Map<number, { frame: VideoFrame; bytes: number }>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  /** Takes the frame. */
  add(time: number, frame: VideoFrame): void {
    this.remove(time);
    const bytes = bytesOf(frame);
    this.frames.set(time, { frame, bytes });
    this.bytes += bytes;
    while (this.bytes > this.limit && this.frames.size > 1) this.dropOldest();
  }

  has(time: number): boolean {
    return this.frames.has(time);
  }

  /** A copy that shares the picture; the caller closes it. */
  get(time: number): VideoFrame | null {
    const entry = this.frames.get(time);
    if (!entry) return null;
    this.frames.delete(time);
    this.frames.set(time, entry);
    return entry.frame.clone();
  }

  /** The latest picture in [from, to]: what stands in for one that could not be decoded. */
  nearest(from: number, to: number): VideoFrame | null {
    const times = [...this.frames.keys()].filter((time) => time >= from && time <= to);
    return times.length ? this.get(Math.max(...times)) : null;
  }

  /** Gives half of the pictures back to the decoder, which may have no others to decode into. */
  relieve(): void {
    for (let left = Math.ceil(this.frames.size / 2); left > 0; left--) this.dropOldest();
  }

  clear(): void {
    for (const time of [...this.frames.keys()]) this.remove(time);
  }

  private dropOldest(): void {
    const oldest = this.frames.keys().next();
    if (!oldest.done) this.remove(oldest.value);
  }

  private remove(time: number): void {
    const entry = this.frames.get(time);
    if (!entry) return;
    this.frames.delete(time);
    this.bytes -= entry.bytes;
    entry.frame.close();
  }
}
