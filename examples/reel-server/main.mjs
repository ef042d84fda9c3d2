// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts the server:   PORT=8080 MEDIA=media OUTPUT=videos node main.mjs
import { VideoEngine } from '@kerf/node';
import { reelServer } from './server.mjs';

const { PORT = '8080', HOST = '127.0.0.1', MEDIA = 'media', OUTPUT = 'videos' } = process.env;
const server = await reelServer({ VideoEngine, media: MEDIA, output: OUTPUT });
server.listen(Number(PORT), HOST, () => console.log(`http://${HOST}:${server.address().port}/`));

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => server.stop().then(() => process.exit()));
