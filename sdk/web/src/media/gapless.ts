// SPDX-License-Identifier: LGPL-2.1-or-later
// What an MP3 encoder put before and after the sound, which players leave out.

/** Bytes of a file from a place on; fewer at its end. */
export type Peek = (from: number, length: number) => Promise<Uint8Array>;

const DECODER_DELAY = 529; // samples by which every MP3 decoder is late

const word = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Length of the ID3v2 tag that a file begins with, 0 for none. */
function id3Length(bytes: Uint8Array): number {
  if (!word(bytes, 0).startsWith('ID3')) return 0;
  return 10 + [6, 7, 8, 9].reduce((size, i) => size * 128 + (bytes[i] ?? 0), 0);
}

/** Where the Xing or Info header of the first frame is, past the frame's side information. */
function infoOffset(frame: Uint8Array): number {
  const mpeg1 = ((frame[1]! >> 3) & 3) === 3;
  const mono = frame[3]! >> 6 === 3;
  return 4 + (mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17);
}

/** Samples before and after the sound, as the encoder noted them; zeros if it did not. */
export async function mp3Gaps(peek: Peek): Promise<{ before: number; after: number }> {
  const frame = await peek(id3Length(await peek(0, 10)), 256);
  const info = frame.length > 3 ? infoOffset(frame) : 0;
  const gaps = info + 0x8d; // flags, frames, bytes, table of contents, quality; then 21 bytes of LAME's own
  if (!['Xing', 'Info'].includes(word(frame, info)) || frame[info + 7] !== 0x0f || frame.length < gaps + 3)
    return { before: 0, after: 0 };
  const [a, b, c] = [frame[gaps]!, frame[gaps + 1]!, frame[gaps + 2]!];
  const before = (a << 4) | (b >> 4);
  const after = ((b & 15) << 8) | c;
  return { before: before + DECODER_DELAY, after: Math.max(0, after - DECODER_DELAY) };
}
