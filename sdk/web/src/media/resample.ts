// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound at another rate and with other channels.

const ZEROS = 24; // zero crossings of the kernel on a side
const BETA = 9; // Kaiser: about 90 dB of stop band

const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);

function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

function kernelAt(x: number): number {
  if (Math.abs(x) >= ZEROS) return 0;
  const angle = Math.PI * x;
  return (x === 0 ? 1 : Math.sin(angle) / angle) * (bessel0(BETA * Math.sqrt(1 - (x / ZEROS) ** 2)) / bessel0(BETA));
}

/** The taps of one output phase: source samples from floor(position) - reach + 1 on; they sum up to 1. */
function phaseTaps(fraction: number, reach: number, cutoff: number): Float32Array {
  const taps = Float32Array.from({ length: 2 * reach }, (_, k) => kernelAt((k - reach + 1 - fraction) * cutoff));
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

/**
 * Resamples a channel whose first sample stands at 0 of both clocks, the outside being silent. Sample n of the result
 * stands at n / to seconds; there are `count` from sample `first` on.
 */
export function resample(input: Float32Array, from: number, to: number, first: number, count: number): Float32Array {
  const [up, down] = [to / gcd(from, to), from / gcd(from, to)];
  const cutoff = 0.97 * Math.min(1, to / from);
  const reach = Math.ceil(ZEROS / cutoff);
  const phases: Float32Array[] = [];
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const ticks = (first + i) * down;
    const phase = ((ticks % up) + up) % up;
    const taps = (phases[phase] ??= phaseTaps(phase / up, reach, cutoff));
    const start = (ticks - phase) / up - reach + 1;
    let sum = 0;
    for (let k = Math.max(0, -start), end = Math.min(taps.length, input.length - start); k < end; k++)
      sum += taps[k]! * input[start + k]!;
    out[i] = sum;
  }
  return out;
}

const HALF_POWER = Math.SQRT1_2;
/** What each channel of L R C LFE Ls Rs gives to the left and the right (ITU-R BS.775). */
const SURROUND = [[1, 0], [0, 1], [HALF_POWER, HALF_POWER], [0, 0], [HALF_POWER, 0], [0, HALF_POWER]] as const;

function mixed(planes: Float32Array[], weights: number[]): Float32Array {
  const out = new Float32Array(planes[0]!.length);
  planes.forEach((plane, c) => {
    const weight = weights[c] ?? 0;
    if (weight) for (let i = 0; i < out.length; i++) out[i]! += weight * plane[i]!;
  });
  return out;
}

/** Mono is heard on both sides, surround is folded into stereo, as the native engine does. */
export function remix(planes: Float32Array[], channels: number): Float32Array[] {
  if (planes.length === channels) return planes;
  if (planes.length === 1) return Array.from({ length: channels }, () => planes[0]!);
  const sides = planes.map((_, c) => SURROUND[c] ?? [0, 0]);
  if (channels === 1) return [mixed(planes, sides.map(([left, right]) => (left + right) / 2))];
  const stereo = [mixed(planes, sides.map((side) => side[0])), mixed(planes, sides.map((side) => side[1]))];
  return Array.from({ length: channels }, (_, c) => stereo[c] ?? new Float32Array(planes[0]!.length));
}
