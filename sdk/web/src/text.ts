// SPDX-License-Identifier: LGPL-2.1-or-later
// Text on a canvas, at the places that the engine gives: lines broken and measured, glyphs filled.
import type { Wasm } from './wasm.js';

/** A title as engine/letters.c writes it. */
export interface TitleText {
  text: string;
  markup: boolean;
  font: string;
  size: number;
  weight: number;
  italic: boolean;
  color: [number, number, number, number];
  outlineWidth: number;
  lineSpacing: number;
  letterSpacing: number;
  maxWidth: number;
  maxLines: number;
  ellipsize: 'none' | 'start' | 'middle' | 'end';
  direction: 'auto' | 'ltr' | 'rtl';
  language: string;
}

/** Characters [start, end) of the text on one line, with what stands in their place if they were cut. */
interface Line {
  start: number;
  end: number;
  shown: string;
}

type Context = OffscreenCanvasRenderingContext2D;

// ---- Fonts ----

const WEIGHTS: Record<string, number> = { thin: 100, ultralight: 200, extralight: 200, light: 300, semilight: 350,
  demilight: 350, book: 380, regular: 400, normal: 400, medium: 500, semibold: 600, demibold: 600, bold: 700,
  ultrabold: 800, extrabold: 800, heavy: 900, black: 900 };
const GENERIC: Record<string, string> =
  { sans: 'sans-serif', 'sans-serif': 'sans-serif', serif: 'serif', monospace: 'monospace', mono: 'monospace' };
const EMOJI_FONT = '"Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji"';

interface Font {
  families: string;
  weight: number;
  italic: boolean;
}

/** A font's description: "Inter, Noto Sans Bold Italic". */
export function parseFont(description: string): Font {
  const names = description.split(',').map((name) => name.trim()).filter(Boolean);
  const words = (names.pop() ?? 'Sans').split(/\s+/);
  let weight = 400, italic = false;
  for (let last = words.at(-1)!; words.length > 1; last = words.at(-1)!) {
    const word = last.toLowerCase().replace('-', '');
    if (word in WEIGHTS) weight = WEIGHTS[word]!;
    else if (word === 'italic' || word === 'oblique') italic = true;
    else break;
    words.pop();
  }
  names.push(words.join(' '));
  const families = names.map((name) => GENERIC[name.toLowerCase()] ?? JSON.stringify(name));
  return { families: [...families, 'sans-serif', EMOJI_FONT].join(', '), weight, italic };
}

function cssFont(title: TitleText, size = title.size): string {
  const font = parseFont(title.font || 'Sans');
  return `${title.italic || font.italic ? 'italic ' : ''}${title.weight || font.weight} ${size}px ${font.families}`;
}

/** Loads the web fonts that a film's titles name. */
export async function loadFonts(film: unknown): Promise<void> {
  const fonts: FontFaceSet | undefined = (globalThis as { document?: Document }).document?.fonts ??
    (globalThis as unknown as { fonts?: FontFaceSet }).fonts;
  if (!fonts || fonts.size === 0) return;
  const named = new Set<string>();
  JSON.stringify(film, (key, value: unknown) => {
    if (key === 'font' && typeof value === 'string') named.add(value);
    return value;
  });
  const wanted = [...named].map((description) => {
    const { families, weight, italic } = parseFont(description);
    return `${italic ? 'italic ' : ''}${weight} 16px ${families}`;
  });
  await Promise.all(wanted.map((css) => fonts.load(css).catch(() => [])));
}

// ---- Measuring ----

const METRIC_SIZE = 1000; // px: browsers round ascents and descents to whole ones
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;

const BARE_EMOJI = /(\p{Emoji_Presentation})(?![\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0e\ufe0f])(?<!\p{Regional_Indicator})/gu;

/** Emoji are in colour, also where the font has letters of its own for them. */
const coloured = (text: string) => text.replace(BARE_EMOJI, '$1\ufe0f');

function isRightToLeft(text: string): boolean {
  const strong = /[\p{L}]/u.exec(text)?.[0];
  return strong !== undefined && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(strong);
}

/** Breaks, measures and draws; one for all titles of an engine. */
export class TextDrawer {
  #context: Context | undefined;
  #heights = new Map<string, [number, number]>();

  /** undefined: there is no canvas here. */
  #canvas(width: number, height: number): Context | undefined {
    if (typeof OffscreenCanvas === 'undefined') return undefined;
    this.#context ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) ?? undefined;
    if (this.#context) Object.assign(this.#context.canvas, { width, height });
    return this.#context;
  }

  #prepare(context: Context, title: TitleText): void {
    context.font = cssFont(title);
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.textRendering = 'geometricPrecision';
    context.letterSpacing = `${title.letterSpacing}px`;
    const rtl = title.direction === 'rtl' || (title.direction === 'auto' && isRightToLeft(title.text));
    context.direction = rtl ? 'rtl' : 'ltr';
  }

  /** Ascent and descent of a font, per px of its size. */
  #height(context: Context, css: string): [number, number] {
    const known = this.#heights.get(css);
    if (known) return known;
    context.font = css;
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText('x');
    const height: [number, number] = [up / METRIC_SIZE, down / METRIC_SIZE];
    this.#heights.set(css, height);
    return height;
  }

  #lineHeight(context: Context, title: TitleText, text: string): [number, number] {
    let [up, down] = this.#height(context, cssFont(title, METRIC_SIZE));
    if (EMOJI.test(text)) {
      const emoji = this.#height(context, `${METRIC_SIZE}px ${EMOJI_FONT}`);
      [up, down] = [Math.max(up, emoji[0]), Math.max(down, emoji[1])];
    }
    context.font = cssFont(title);
    return [up * title.size, down * title.size];
  }

  // ---- Lines ----

  #fits(context: Context, title: TitleText, text: string): boolean {
    return context.measureText(coloured(text.trimEnd())).width - title.letterSpacing <= title.maxWidth + 1e-3;
  }

  /** Where a line may end: after words, and between any two letters of scripts without spaces. */
  static #pieces(text: string, granularity: 'word' | 'grapheme'): string[] {
    if (typeof Intl.Segmenter === 'undefined') return granularity === 'word' ? text.split(/(?<=\s)/) : [...text];
    const pieces = [...new Intl.Segmenter(undefined, { granularity }).segment(text)].map((piece) => piece.segment);
    if (granularity === 'grapheme') return pieces;
    const joined: string[] = [];
    for (const piece of pieces) {
      const before = joined.at(-1);
      const breaks = before === undefined || /[\s\-\u2010\u2013\u2014]$/.test(before) || /[\u2e80-\u9fff\uac00-\ud7af]$/.test(before);
      if (breaks && !(before !== undefined && /^\s/.test(piece) )) joined.push(piece);
      else joined[joined.length - 1] += piece;
    }
    return joined;
  }

  #wrap(context: Context, title: TitleText, from: number, paragraph: string): Line[] {
    if (!(title.maxWidth > 0)) return [{ start: from, end: from + paragraph.length, shown: paragraph }];
    const lines: Line[] = [];
    let start = 0, end = 0;
    const finish = () => {
      lines.push({ start: from + start, end: from + end, shown: paragraph.slice(start, end).trimEnd() });
      start = end;
    };
    for (const word of TextDrawer.#pieces(paragraph, 'word')) {
      if (end > start && !this.#fits(context, title, paragraph.slice(start, end) + word)) finish();
      if (this.#fits(context, title, word)) {
        end += word.length;
        continue;
      }
      for (const letter of TextDrawer.#pieces(word, 'grapheme')) {
        if (end > start && !this.#fits(context, title, paragraph.slice(start, end) + letter)) finish();
        end += letter.length;
      }
    }
    finish();
    return lines;
  }

  /** The text with dots where it was cut, as wide as fits. */
  #ellipsized(context: Context, title: TitleText, text: string): string {
    const letters = TextDrawer.#pieces(text, 'grapheme');
    const cut = (kept: number) => {
      if (title.ellipsize === 'start') return `…${letters.slice(letters.length - kept).join('')}`;
      const head = title.ellipsize === 'middle' ? Math.ceil(kept / 2) : kept;
      return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (kept - head)).join('')}`;
    };
    let kept = letters.length - 1;
    while (kept > 0 && !this.#fits(context, title, cut(kept))) kept--;
    return cut(kept);
  }

  #limit(context: Context, title: TitleText, lines: Line[]): Line[] {
    const most = title.maxLines || 1;
    if (title.ellipsize === 'none' || !(title.maxWidth > 0) || lines.length <= most) return lines;
    const last = lines[most - 1]!, rest = lines.slice(most - 1).map((line) => line.shown).join(' ');
    const shown = this.#ellipsized(context, title, rest);
    return [...lines.slice(0, most - 1), { start: last.start, end: lines.at(-1)!.end, shown }];
  }

  #lines(context: Context, title: TitleText): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (const paragraph of title.text.split('\n')) {
      lines.push(...this.#limit(context, title, this.#wrap(context, title, from, paragraph)));
      from += paragraph.length + 1;
    }
    return lines;
  }

  // ---- What the engine calls ----

  /** Lays a title out into kf_host_line structures; the pointer to them, 0 where there is no canvas. */
  layout(wasm: Wasm, json: string, count: number): number {
    const title = this.#plain(JSON.parse(json) as TitleText);
    const context = this.#canvas(1, 1);
    if (!context) return 0;
    this.#prepare(context, title);
    const lines = this.#lines(context, title);
    const at = wasm.x.kw_lines(lines.length);
    if (!at) return 0;
    const bytes = (text: string) => new TextEncoder().encode(text).length;
    let baseline = 0;
    lines.forEach((line, i) => {
      const [up, down] = this.#lineHeight(context, title, line.shown);
      const m = context.measureText(coloured(line.shown));
      baseline = i === 0 ? up : baseline + (up + down) * title.lineSpacing;
      const v = wasm.view, o = at + 72 * i;
      const left = -m.actualBoundingBoxLeft, top = -m.actualBoundingBoxAscent;
      v.setInt32(o, bytes(title.text.slice(0, line.start)), true);
      v.setInt32(o + 4, bytes(title.text.slice(line.start, line.end)), true);
      const width = Math.max(0, m.width - title.letterSpacing); // none after the last letter
      const numbers = [width, baseline - up, up + down, baseline, left, top, m.actualBoundingBoxRight - left,
        m.actualBoundingBoxDescent - top];
      numbers.forEach((number, k) => v.setFloat64(o + 8 + 8 * k, number, true));
    });
    wasm.view.setInt32(count, lines.length, true);
    wasm.view.setInt32(count + 4, Number(lines.some((line) => line.shown.includes('…'))), true);
    return at;
  }

  /** Markup without its tags: its styles are left to the native engine. */
  #plain(title: TitleText): TitleText {
    if (!title.markup) return title;
    const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
    const text = title.text.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name]!);
    return { ...title, text };
  }

  /** Fills glyphs as a kf_host_glyphs says. */
  draw(wasm: Wasm, json: string, glyphs: number): number {
    const title = this.#plain(JSON.parse(json) as TitleText);
    const v = wasm.view;
    const field = (n: number) => v.getInt32(glyphs + 4 * n, true);
    const outline = v.getUint8(glyphs + 4) !== 0;
    const [pixels, stride, width, height, count, lines, origins] = [2, 3, 4, 5, 6, 7, 8].map(field) as number[];
    const context = this.#canvas(width!, height!);
    if (!context) return 0;
    this.#prepare(context, title);
    const shown = this.#lines(context, title);
    const color = title.color.map((c) => Math.min(Math.max(c, 0), 1));
    const css = `rgb(${color[0]! * 255} ${color[1]! * 255} ${color[2]! * 255} / ${color[3]})`;
    context.fillStyle = context.strokeStyle = outline ? '#000' : css;
    Object.assign(context, { lineWidth: 2 * title.outlineWidth, lineJoin: 'round', lineCap: 'round', miterLimit: 2 });
    for (let i = 0; i < count!; i++) {
      const x = v.getFloat64(origins! + 16 * i, true), y = v.getFloat64(origins! + 16 * i + 8, true);
      const right = context.direction === 'rtl' ? v.getFloat64(lines! + 72 * i + 8, true) : 0;
      context.textAlign = right > 0 ? 'right' : 'left';
      this.#fill(context, coloured(shown[i]?.shown ?? ''), x + right, y, outline);
    }
    const { data } = context.getImageData(0, 0, width!, height!);
    (outline ? copyCoverage : copyColors)(data, wasm.bytes, { pixels: pixels!, stride: stride!, width: width!, height: height! });
    return 1;
  }

  #fill(context: Context, text: string, x: number, y: number, outline: boolean): void {
    if (!outline) return context.fillText(text, x, y);
    const parts = text.split(/((?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)(?:[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]|\p{Extended_Pictographic})*)/u);
    let before = '';
    for (const [i, part] of parts.entries()) {
      if (i % 2 === 0 && part) {
        const at = x + context.measureText(before).width;
        context.strokeText(part, at, y);
        context.fillText(part, at, y);
      }
      before += part;
    }
  }
}

interface Target { pixels: number; stride: number; width: number; height: number }

/** Straight R, G, B, A to premultiplied B, G, R, A. */
function copyColors(from: Uint8ClampedArray, to: Uint8Array, t: Target): void {
  for (let y = 0, i = 0; y < t.height; y++) {
    let o = t.pixels + y * t.stride;
    for (let x = 0; x < t.width; x++, i += 4, o += 4) {
      const a = from[i + 3]!;
      if (a === 0) continue;
      to[o] = Math.round(from[i + 2]! * a / 255);
      to[o + 1] = Math.round(from[i + 1]! * a / 255);
      to[o + 2] = Math.round(from[i]! * a / 255);
      to[o + 3] = a;
    }
  }
}

function copyCoverage(from: Uint8ClampedArray, to: Uint8Array, t: Target): void {
  for (let y = 0; y < t.height; y++) {
    const o = t.pixels + y * t.stride, i = 4 * y * t.width + 3;
    for (let x = 0; x < t.width; x++) to[o + x] = from[i + 4 * x]!;
  }
}
