// SPDX-License-Identifier: LGPL-2.1-or-later
// What is edited: a reel's config, and the files that the page has at hand for it.

export type Message = {
  text: string;
  sender: string;
  audio?: string;
};

export type Config = {
  template: string;
  videoSettings: { resolution: string; fps: number };
  audioSettings: { music?: string; musicVolume: number };
  backgroundSettings: { backgroundType: string; backgroundUrl?: string; backgroundColor?: string; gradientColors?: string[] };
  animationSettings: { messageAnimationType: string };
  chatOverlay: Record<string, boolean | string>;
  messages: (Message & { audioDuration?: number })[];
};

export const ME = 'me';
export const THEM = 'Anna';

export const config: Config = {
  template: 'modern-light',
  videoSettings: { resolution: '1080x1920', fps: 30 },
  audioSettings: { musicVolume: 40 },
  backgroundSettings: { backgroundType: 'gradient' },
  animationSettings: { messageAnimationType: 'slide' },
  chatOverlay: { showHeader: true, typingIndicator: true, readMarks: false, showStatusBar: true },
  messages: [
    { sender: THEM, text: 'Are you coming tonight? We are all waiting for you 😅' },
    { sender: ME, text: 'Yes! Should I bring anything?' },
    { sender: THEM, text: 'Music 🎶 and yourself. It starts at half past eight sharp' },
    { sender: ME, text: 'On my way 🚲' },
  ],
};

/** Seconds that a message without a voice stays. */
export const pace = { seconds: 2 };

/** The config as the engine and the server take it. */
export function finished(): Config {
  const messages = config.messages.filter(({ text }) => text.trim()).map((m) => (m.audio ? m : { ...m, audioDuration: pace.seconds }));
  return { ...config, messages };
}
