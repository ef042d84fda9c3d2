// SPDX-License-Identifier: LGPL-2.1-or-later
// The demo page, as somebody uses it: it shows a chat, follows what is typed, plays, and makes a file.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, skip as noPage } from './browser.mjs';
import { skip as notBuilt } from './built.mjs';

const skip = notBuilt || noPage;
let browser, server, page;

before(async () => {
  if (skip) return;
  const { serveDemo } = await import('../demo/serve.mjs');
  server = await serveDemo();
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(30000);
  await page.goto(`http://127.0.0.1:${server.address().port}/?size=270x480&server=http://127.0.0.1:9`);
  await page.waitForFunction(() => document.querySelector('#waiting').textContent === '' && document.querySelectorAll('.card canvas').length);
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** What the screen shows, from outside: its canvas belongs to a worker. */
const screen = async () => (await page.locator('#screen').screenshot()).toString('base64');
const time = () => page.evaluate(() => parseFloat(document.querySelector('#clock').textContent));

async function changes(from) {
  for (let tries = 0; tries < 100; tries++) {
    const now = await screen();
    if (now !== from) return now;
    await page.waitForTimeout(50);
  }
  throw new Error('the screen stays as it was');
}

test('looks are the engine\'s, each with its picture', { skip }, async () => {
  const looks = await page.locator('.card').allTextContents();
  assert.ok(looks.includes('modern light') && looks.includes('modern dark'), looks.join());
  assert.equal(await page.locator('.card canvas').count(), looks.length);
});

test('what is typed and chosen is seen', { skip }, async () => {
  const first = await screen();
  await page.locator('#messages textarea').nth(1).fill('No, I have to sleep');
  const second = await changes(first);
  await page.getByText('modern dark').click();
  await changes(second);
  await page.locator('#add').click();
  await page.keyboard.type('Good night');
  assert.equal(await page.locator('#messages li').count(), 5);
  assert.equal(await page.locator('#notes p').count(), 0, 'nobody complains');
});

test('it plays from the start and stops where it is told to', { skip }, async () => {
  await page.locator('#play').click();
  await page.waitForFunction(() => parseFloat(document.querySelector('#clock').textContent) >= 0.6
    && document.querySelector('#play').classList.contains('playing'));
  await page.locator('#play').click();
  await page.waitForFunction(() => !document.querySelector('#play').classList.contains('playing'));
  const at = await time();
  await page.waitForTimeout(200);
  assert.equal(await time(), at);
});

test('it makes a file, and says that there is no server', { skip }, async () => {
  await page.locator('#export').click();
  await page.locator('.job a').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.job a').click()]);
  assert.equal(download.suggestedFilename(), 'chat.mp4');
  await page.locator('#server').click();
  await page.locator('.job.failed').waitFor();
  assert.match(await page.locator('.job.failed').textContent(), /no server at http/);
});
