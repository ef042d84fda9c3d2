// SPDX-License-Identifier: LGPL-2.1-or-later
// A film with its media: the frames of it, whatever they need.
import type { Engine } from './engine.js';
import type { FilmSound } from './audio/film-sound.js';
import { KerfError } from './errors.js';
import type { MediaSource } from './media/open.js';
import type { LoadedFilm, PictureRequest } from './film.js';
import type { PlacedPicture } from './picture.js';
import { loadFonts } from './text.js';
import type { Film, FilmInfo, FrameSource, MediaProvider, Picture, PlanesFormat, ReelConfig } from './types.js';
import { isBitmap, isFrame, upload } from './upload.js';

type Warn = (message: string) => void;

/** The picture of an asset that was uploaded last: many frames in a row show the same. */
interface Uploaded {
  key: unknown;
  placed: PlacedPicture;
}

function assetPaths(film: { assets?: Record<string, unknown> }): [string, string][] {
  return Object.entries(film.assets ?? {}).flatMap(([id, asset]) => {
    const path = typeof asset === 'string' ? asset : (asset as { path?: unknown } | null)?.path;
    return typeof path === 'string' ? [[id, path] as [string, string]] : [];
  });
}

function parse(film: Film | ReelConfig): Record<string, unknown> {
  if (typeof film !== 'string') return film;
  try {
    return JSON.parse(film) as Record<string, unknown>;
  } catch {
    return { kerf: 1 }; // the engine says what is wrong, and where
  }
}

const isFilm = (film: Record<string, unknown>) => 'kerf' in film;

/** Files that were opened, by path; each once, for films and reels alike. */
export class MediaShelf {
  #sources = new Map<string, Promise<FrameSource | null>>();

  constructor(private readonly engine: Engine, private readonly provider: MediaProvider | undefined, private readonly warn: Warn) {}

  open(id: string, path: string, index: number): Promise<FrameSource | null> {
    const known = this.#sources.get(path);
    if (known) return known;
    const opening = this.#open(id, path, index);
    this.#sources.set(path, opening);
    return opening;
  }

  async #open(id: string, path: string, index: number): Promise<FrameSource | null> {
    try {
      if (!this.provider) throw new KerfError('not_found', `${path}: no media provider was given`);
      const source = await this.provider.open({ id, path, index });
      this.engine.know(path, source.facts);
      return source;
    } catch (error) {
      this.engine.know(path, null);
      this.warn((error as Error).message);
      return null;
    }
  }

  async close(): Promise<void> {
    const sources = [...this.#sources.values()];
    this.#sources.clear();
    for (const source of sources) (await source)?.close();
  }
}

/** The film that a reel's configuration stands for; media it names are opened as they are asked for. */
export async function reelFilm(engine: Engine, config: ReelConfig, shelf: MediaShelf): Promise<string> {
  await loadFonts(config);
  for (;;) {
    try {
      return engine.reel(config);
    } catch (error) {
      const path = engine.missingMedia();
      if (!path) throw error;
      await shelf.open(path, path, -1);
    }
  }
}

/** A film that is ready to be composed. */
export class OpenFilm {
  readonly info: FilmInfo;
  /** null: the film is silent. */
  readonly sound: FilmSound | null;
  #uploaded = new Map<number, Uploaded>();

  private constructor(
    private readonly engine: Engine,
    readonly film: LoadedFilm,
    private readonly sources: (FrameSource | null)[],
    private readonly warn: Warn,
  ) {
    this.info = film.info;
    this.sound = film.openSound((asset) => (sources[asset] as Partial<MediaSource> | null)?.sound ?? null);
  }

  /** Opens what the film names; what cannot be had is reported to `warn` and not shown. lines: of its pictures, at most. */
  static async open(engine: Engine, given: Film | ReelConfig, shelf: MediaShelf, warn: Warn = () => {}, lines = Infinity): Promise<OpenFilm> {
    const object = parse(given);
    const film = isFilm(object) ? (given as Film) : await reelFilm(engine, object, shelf);
    const json = parse(film);
    await Promise.all([loadFonts(json), ...assetPaths(json).map(([id, path], index) => shelf.open(id, path, index))]);
    const loaded = engine.load(film);
    if (lines < loaded.info.height) loaded.fit(lines);
    const sources = await Promise.all(loaded.info.assets.map((asset) => shelf.open(asset.id, asset.path, asset.index)));
    return new OpenFilm(engine, loaded, sources, warn);
  }

  /** The frame that shows at a time. */
  frameAt(seconds: number): number {
    const frame = Math.floor(seconds * this.info.rate + 1e-6);
    return Math.min(Math.max(frame, 0), Math.max(this.info.frames - 1, 0));
  }

  /** Composes a frame. The picture is valid until the film's next one. ahead: seconds that media decode beyond it. */
  async compose(frame: number, format: PlanesFormat, ahead = 0): Promise<PlacedPicture> {
    const requests = this.film.plan(frame);
    await Promise.all(requests.filter((request) => !request.filled).map((request) => this.#fetch(request)));
    for (const { asset, time } of ahead > 0 ? requests : []) this.sources[asset]?.prefetch?.(time, time + ahead);
    return this.film.render(frame, format);
  }

  async #fetch(request: PictureRequest): Promise<void> {
    const picture = await this.sources[request.asset]?.frameAt(request.time).catch((error: Error) => {
      this.warn(error.message);
      return null;
    });
    if (!picture) return this.film.put(request.index, null);
    try {
      this.film.put(request.index, await this.#place(request.asset, picture));
    } finally {
      if (isFrame(picture)) picture.close();
    }
  }

  async #place(asset: number, picture: Picture): Promise<PlacedPicture> {
    const key = isFrame(picture) ? picture.timestamp : picture;
    const before = this.#uploaded.get(asset);
    if (before?.key === key) return before.placed;
    const placed = await upload(this.engine.wasm, picture);
    before?.placed.release();
    this.#uploaded.set(asset, { key, placed });
    if (isBitmap(picture) && before && isBitmap(before.key as Picture)) (before.key as ImageBitmap).close();
    return placed;
  }

  close(): void {
    this.sound?.close();
    this.film.close();
    for (const { placed } of this.#uploaded.values()) placed.release();
    this.#uploaded.clear();
  }
}
