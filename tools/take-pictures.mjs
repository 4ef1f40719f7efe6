#!/usr/bin/env node
/**
 * `node tools/take-pictures.mjs [address]`: writes docs/page-dark.png and docs/page-light.png, the page as it stands at
 * the address (default http://127.0.0.1:8080), each below 300 kB. Start Parallax first and let it run for a minute.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { MOST_PICTURE_BYTES, smallEnough } from './pictures.mjs';
import { find } from './servers/find.mjs';
import { ROOT } from './setup.mjs';

const WIDTH = 1_280;
/** As many opportunities as the page shows, and as many levels of each side of the book at most. */
const MOST_ROWS = 12;

const address = process.argv[2] ?? 'http://127.0.0.1:8080';
const { path } = await find('chromium', { say: (sentence) => console.error(sentence) });
if (!existsSync(path)) throw new Error(`There is no browser at ${path}.`);
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });

/** The page down to where opportunities and profit end, with so many opportunities, and levels of each side of the book, at most. */
async function pictureOf(page, rows) {
  const beyond = [`#opportunities > li:nth-child(n + ${rows + 1})`, ...['ask:nth-last-child', 'bid:nth-child'].map((side) => `.depth tr.${side}(n + ${rows + 1} of .${side.slice(0, 3)})`)];
  await page.addStyleTag({ content: `${beyond.join(', ')} { display: none; }` });
  const bottom = await page.evaluate(() => Math.max(...['opportunities', 'profit-chart'].map((id) => document.getElementById(id).closest('section').getBoundingClientRect().bottom)));
  return page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(bottom) + 10 } });
}

try {
  for (const colorScheme of ['dark', 'light']) {
    const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, colorScheme, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 10_000 });
    // Books, profit and the newest events fill in one after the other.
    await page.waitForTimeout(3_000);
    // Fewer markets, so that what came of them is in the picture too.
    await page.getByPlaceholder('Filter').fill('BTC');
    await page.getByPlaceholder('Filter').blur();
    await page.waitForTimeout(500);
    const { picture, rows } = await smallEnough(MOST_ROWS, (left) => pictureOf(page, left));
    writeFileSync(join(ROOT, 'docs', `page-${colorScheme}.png`), picture);
    console.error(`page-${colorScheme}.png: ${picture.length} bytes of ${MOST_PICTURE_BYTES}, with ${rows} rows of each list at most`);
    await context.close();
  }
} finally {
  await browser.close();
}
