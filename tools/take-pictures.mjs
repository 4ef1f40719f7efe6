#!/usr/bin/env node
/**
 * `node tools/take-pictures.mjs [address]`: writes docs/page-dark.png and docs/page-light.png, the page as it stands at
 * the address (default http://127.0.0.1:8080). Start Parallax first and let it run for a minute.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { find } from './servers/find.mjs';
import { ROOT } from './setup.mjs';

const address = process.argv[2] ?? 'http://127.0.0.1:8080';
const { path } = await find('chromium', { say: (sentence) => console.error(sentence) });
if (!existsSync(path)) throw new Error(`There is no browser at ${path}.`);
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
try {
  for (const colorScheme of ['dark', 'light']) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 10_000 });
    // Books, profit and the newest events fill in one after the other.
    await page.waitForTimeout(3_000);
    // Fewer markets, so that what came of them is in the picture too; some 300 kB each.
    await page.getByPlaceholder('Filter').fill('BTC');
    await page.getByPlaceholder('Filter').blur();
    await page.waitForTimeout(500);
    // Down to where these panels end; the page goes on.
    const bottom = await page.evaluate(() => Math.max(...['opportunities', 'profit-chart'].map((id) => document.getElementById(id).closest('section').getBoundingClientRect().bottom)));
    const clip = { x: 0, y: 0, width: 1280, height: Math.ceil(bottom) + 10 };
    await page.screenshot({ path: join(ROOT, 'docs', `page-${colorScheme}.png`), fullPage: true, clip });
    await context.close();
  }
} finally {
  await browser.close();
}
