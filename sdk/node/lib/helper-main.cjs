// SPDX-License-Identifier: LGPL-2.1-or-later
// The process that looks at media: calls of the addon, asked for and answered over the channel to the parent.
'use strict';
const { call } = require('./native.cjs');

const running = new Map();

async function answer({ id, name, options }) {
  const abort = new AbortController();
  const tell = (event) => (value) => process.send({ id, event, value });
  const on = { progress: tell('progress'), warning: tell('warning'), picture: tell('picture') };
  running.set(id, abort);
  try {
    process.send({ id, event: 'done', value: await call(name, options, { on, signal: abort.signal }) });
  } catch ({ code, message, file, field }) {
    process.send({ id, event: 'error', value: { code, message, file, field } });
  } finally {
    running.delete(id);
  }
}

process.on('message', (message) => (message.cancel ? running.get(message.cancel)?.abort() : answer(message)));
process.on('disconnect', () => process.exit());
