// SPDX-License-Identifier: LGPL-2.1-or-later
// The demo: a chat is edited, seen, heard, and becomes a file.

import { Preview } from '../src/index.js';
import { config, finished, pace } from './config.js';
import { exportHere, renderOnServer } from './jobs.js';
import { drawLook } from './looks.js';
import { addMessage, showMessages, type MessageEvents } from './messages.js';

const $ = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector)!;
const asked = new URLSearchParams(location.search); // ?server=http://... &size=720x1280
const SERVER = asked.get('server') ?? 'http://127.0.0.1:8080';
config.videoSettings.resolution = asked.get('size') ?? config.videoSettings.resolution;

const screen = $<HTMLCanvasElement>('#screen');
const lines = Math.ceil(screen.clientHeight * devicePixelRatio);
const preview = new Preview(screen, { workerUrl: 'worker.js', wasm: new URL('kerf.wasm', location.href), lines });
const [play, time, clock] = [$<HTMLButtonElement>('#play'), $<HTMLInputElement>('#time'), $('#clock')];

function note(message: string): void {
  const line = document.createElement('p');
  line.textContent = message;
  $('#notes').replaceChildren(line);
  setTimeout(() => line.remove(), 6000);
}

// ---- Showing ----

let timer: ReturnType<typeof setTimeout> | undefined;

let length = 0;

async function show(): Promise<void> {
  try {
    length = (await preview.setFilm(finished())).duration;
    $('#waiting').textContent = '';
  } catch (error) {
    note((error as Error).message);
  }
  showTime();
}

function changed(): void {
  clearTimeout(timer);
  timer = setTimeout(show, 120);
}

function showTime(): void {
  if (document.activeElement !== time || preview.state === 'playing') time.value = String(length ? preview.time / length : 0);
  clock.textContent = `${preview.time.toFixed(1)} / ${length.toFixed(1)} s`;
}

preview.on('frame', showTime);
preview.on('warning', note);
preview.on('error', (error) => note(error.message));
preview.on('state', (state) => {
  play.classList.toggle('playing', state === 'playing');
  play.ariaLabel = state === 'playing' ? 'Pause' : 'Play';
  showTime();
});

async function start(): Promise<void> {
  if (preview.time >= length - 0.2) await preview.seek(0);
  await preview.play();
}

play.onclick = () => {
  if (preview.state === 'playing') preview.pause();
  else void start().catch((error: Error) => note(error.message));
};
time.oninput = () => void preview.seek(Number(time.value) * length);

// ---- Editing ----

/** Files get names of their own: the config names them, the page has them. */
function take(file: File): string {
  const name = `${crypto.randomUUID().slice(0, 8)}-${file.name}`;
  void preview.addFiles({ [name]: file });
  return name;
}

const events: MessageEvents = {
  changed,
  voice: (message, file) => {
    message.audio = take(file);
    showMessages(events);
    changed();
  },
};

function choice(group: string, value: string, label: string, checked: boolean, chosen: () => void): HTMLLabelElement {
  const box = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: group, value, checked });
  input.onchange = chosen;
  box.append(input, label);
  return box;
}

function showLooks(looks: string[]): void {
  $('#looks').replaceChildren(...looks.map((look) => {
    const card = choice('look', look, look.replaceAll('-', ' '), look === config.template, () => {
      config.template = look;
      changed();
    });
    const canvas = document.createElement('canvas');
    card.className = 'card';
    card.prepend(canvas);
    drawLook(canvas, look).catch(() => canvas.remove());
    return card;
  }));
}

function picker(type: 'color' | 'file', change: (input: HTMLInputElement) => void, value = ''): HTMLInputElement {
  const input = document.createElement('input');
  Object.assign(input, { type, accept: 'image/*,video/*' });
  if (value) input.value = value;
  input.oninput = () => {
    change(input);
    changed();
  };
  return input;
}

const BACKGROUNDS: Record<string, () => HTMLInputElement[]> = {
  gradient: () => ['#8ec5fc', '#e0c3fc'].map((colour, i, all) =>
    picker('color', (input) => ((config.backgroundSettings.gradientColors ??= [...all])[i] = input.value), colour)),
  color: () => [picker('color', (input) => (config.backgroundSettings.backgroundColor = input.value), '#203040')],
  file: () => [picker('file', (input) => {
    const file = input.files![0]!;
    config.backgroundSettings = { backgroundType: file.type.startsWith('video') ? 'video' : 'image', backgroundUrl: take(file) };
  })],
};

function showBackgrounds(): void {
  const labels = { gradient: 'Gradient', color: 'Colour', file: 'Picture or video' };
  $('#backgrounds').replaceChildren(...Object.entries(labels).map(([type, label]) =>
    choice('background', type, label, type === 'gradient', () => {
      $('#background-value').replaceChildren(...BACKGROUNDS[type]!());
      if (type === 'file') return;
      config.backgroundSettings = { backgroundType: type };
      changed();
    })));
  $('#background-value').replaceChildren(...BACKGROUNDS.gradient!());
}

const DETAILS = { showHeader: 'Header', showStatusBar: 'Status bar', typingIndicator: 'Typing dots', readMarks: 'Read marks', showAvatars: 'Avatars' };

function showDetails(): void {
  $('#details').replaceChildren(...Object.entries(DETAILS).map(([key, label]) => {
    const box = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'checkbox', checked: Boolean(config.chatOverlay[key]) });
    input.onchange = () => {
      config.chatOverlay[key] = input.checked;
      changed();
    };
    box.append(input, label);
    return box;
  }));
}

function showMotion(animations: string[]): void {
  const select = $<HTMLSelectElement>('#animation');
  select.replaceChildren(...animations.map((name) => new Option(name, name, false, name === config.animationSettings.messageAnimationType)));
  select.onchange = () => {
    config.animationSettings.messageAnimationType = select.value;
    changed();
  };
  const range = $<HTMLInputElement>('#pace');
  range.value = String(pace.seconds);
  range.oninput = () => {
    pace.seconds = Number(range.value);
    changed();
  };
}

$('#add').onclick = () => addMessage(events);
$<HTMLInputElement>('#music').onchange = ({ target }) => {
  const file = (target as HTMLInputElement).files?.[0];
  if (file) config.audioSettings.music = take(file);
  changed();
};
$('#export').onclick = () => exportHere((signal, onProgress) => preview.export({ signal, onProgress }));
$('#server').onclick = () => renderOnServer(SERVER, finished());

const choices = (await (await fetch('choices.json')).json()) as { looks: string[]; animations: string[] };
showMessages(events);
showBackgrounds();
showDetails();
showMotion(choices.animations);
await show();
await preview.seek(length);
showLooks(choices.looks);
