// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of messages: text in bubbles, sides, order, voices.

import { config, ME, THEM, type Message } from './config.js';

export interface MessageEvents {
  changed(): void;
  /** A voice was chosen for a message. */
  voice(message: Message, file: File): void;
}

const list = document.querySelector<HTMLOListElement>('#messages')!;

function tool(label: string, title: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.title = button.ariaLabel = title;
  button.onclick = act;
  return button;
}

function voiceTool(message: Message, events: MessageEvents): HTMLLabelElement {
  const label = document.createElement('label');
  label.className = message.audio ? 'voice set' : 'voice';
  label.title = message.audio ? `Voice: ${message.audio}` : 'Add a voice';
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'audio/*';
  input.onchange = () => input.files?.[0] && events.voice(message, input.files[0]);
  label.append('♪', input);
  return label;
}

function move(index: number, by: number): void {
  const [message] = config.messages.splice(index, 1);
  config.messages.splice(Math.max(0, index + by), 0, message!);
}

function row(message: Message, index: number, events: MessageEvents): HTMLLIElement {
  const item = document.createElement('li');
  const text = document.createElement('textarea');
  const tools = document.createElement('span');
  const edit = (act: () => void) => () => {
    act();
    showMessages(events);
    events.changed();
  };
  item.className = message.sender === ME ? 'right' : 'left';
  text.value = message.text;
  text.rows = 1;
  text.ariaLabel = `Message ${index + 1}`;
  text.oninput = () => {
    message.text = text.value;
    events.changed();
  };
  tools.className = 'tools';
  tools.append(
    tool('⇄', 'Other side', edit(() => (message.sender = message.sender === ME ? THEM : ME))),
    tool('↑', 'Earlier', edit(() => move(index, -1))),
    tool('↓', 'Later', edit(() => move(index, 1))),
    voiceTool(message, events),
    tool('✕', 'Remove', edit(() => config.messages.splice(index, 1))),
  );
  item.append(text, tools);
  return item;
}

export function showMessages(events: MessageEvents): void {
  list.replaceChildren(...config.messages.map((message, index) => row(message, index, events)));
}

/** From the side that did not speak last; its text is ready to be typed. */
export function addMessage(events: MessageEvents): void {
  const sender = config.messages.at(-1)?.sender === ME ? THEM : ME;
  config.messages.push({ sender, text: '' });
  showMessages(events);
  list.querySelector<HTMLTextAreaElement>('li:last-child textarea')!.focus();
}
