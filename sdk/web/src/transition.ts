// SPDX-License-Identifier: LGPL-2.1-or-later
// A transition at one moment: a film of the two pictures, looked at there.
import type { Engine } from './engine.js';
import { KerfError } from './errors.js';
import { knowMedia, LoadedFilm } from './film.js';
import { PlacedPicture } from './picture.js';
import type { CatalogEffect, Effects, EffectShorthand, TransitionEffect } from './types.js';

const LENGTH = 2; // s
const RATE = 1000; // frames a second: a transition has 2000 moments

const NAMES: Record<string, string> = { fade: 'dissolve' };

/** The list without its transition, which is last whatever its place. */
export function takeTransition(effects: Effects): [(EffectShorthand | CatalogEffect)[], TransitionEffect | undefined] {
  let taken: TransitionEffect | undefined;
  const rest = (Array.isArray(effects) ? effects : [effects]).flatMap((effect) => {
    if (effect === null || typeof effect !== 'object' || !('transition' in effect)) return [effect];
    const { transition, ...others } = effect as EffectShorthand;
    taken = typeof transition === 'string' ? { type: transition, progress: 0.5 } : transition;
    return Object.keys(others).length > 0 ? [others] : [];
  });
  return [rest, taken];
}

function filmOf(width: number, height: number, { type, progress: _, to, ...params }: TransitionEffect): string {
  const transition = { transition: NAMES[type] ?? type, duration: LENGTH, ...params };
  const clip = (asset: string) => ({ asset, duration: LENGTH });
  const clips = to ? [clip('frame'), { ...transition, align: 'end' }, clip('to')] : [transition, clip('frame')];
  const assets = { frame: { path: 'frame' }, ...(to && { to: { path: 'to' } }) };
  return JSON.stringify({ kerf: 1, size: [width, height], rate: RATE, background: '#000000', assets, tracks: [{ clips }] });
}

/** The film that was used last: progress moves on, the rest stays. */
const kept = new WeakMap<Engine, { json: string; film: LoadedFilm }>();

function open(engine: Engine, json: string): LoadedFilm {
  const before = kept.get(engine);
  if (before?.json === json) return before.film;
  const film = LoadedFilm.load(engine.wasm, json);
  before?.film.close();
  kept.set(engine, { json, film });
  return film;
}

function place(engine: Engine, image: ImageData): PlacedPicture {
  const placed = PlacedPicture.create(engine.wasm, 'RGBA', image.width, image.height);
  placed.fill(0, image.data as Uint8ClampedArray, image.width * 4);
  return placed;
}

/** The picture on its way into `to`, or, without one, out of black, in its place. */
export function applyTransition(engine: Engine, picture: PlacedPicture, transition: TransitionEffect): void {
  const { progress, to } = transition, { width, height } = picture;
  if (!(progress >= 0 && progress <= 1)) throw new KerfError('invalid', `transition.progress: ${progress} is not from 0 to 1`);
  const still = (w: number, h: number) => ({ video: { width: w, height: h, duration: null } });
  knowMedia(engine.wasm, 'frame', still(width, height));
  if (to) knowMedia(engine.wasm, 'to', still(to.width, to.height));
  const film = open(engine, filmOf(width, height, transition)), other = to && place(engine, to);
  const n = Math.min(Math.round(progress * LENGTH * RATE), LENGTH * RATE - 1);
  film.forget();
  for (const { index, asset } of film.plan(n)) film.put(index, film.asset(asset).id === 'to' ? other! : picture);
  const made = film.render(n, 'RGBA');
  picture.fill(0, made.plane(0), made.stride(0));
  film.forget();
  other?.release();
}
