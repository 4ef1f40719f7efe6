import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, until } from '@parallax/testing';
import { decodeJson, encodeJson, haltRecordSchema, subjects } from '@parallax/wire';
import type { Locator } from 'playwright-core';
import { specificationOf } from './market-feeder.js';
import { PAGE, PageStand, picture, SCREENSHOTS } from './page-stand.js';
import { pause, ports, startGateway } from './running-gateway.js';

describeWith('chromium', 'the page in Chromium', () => {
  const stand = new PageStand();
  beforeAll(() => stand.start());
  afterAll(() => stand.stop());

  test('quotes of every venue move, with trust and age', async () => {
    const page = await stand.open(1280);
    const row = page.locator('table.quotes', { hasText: 'BTC/USDT' }).locator('tbody tr', { hasText: 'binance' });
    await row.waitFor();
    const bid = (): Promise<string> => row.locator('td.bid').innerText();
    const before = await bid();
    expect(before).toMatch(/^6\d\u202f\d{3}\.\d{2}$/);
    await until(async () => (await bid()) !== before);
    expect(await row.locator('.trust').innerText()).toBe('synced');
    expect(await row.locator('td.age').innerText()).toMatch(/ms|s/);
    await until(async () => (await page.locator('#venues li').count()) === 4 && (await page.locator('#services li').count()) === 9);
    await page.locator('.depth tbody tr').nth(19).waitFor();
    await page.context().close();
  });

  test('a browser without a proper language shows the page all the same', async () => {
    const page = await stand.open(1280, 'dark', 'en-US@posix');
    await page.locator('#profit-chart canvas').first().waitFor();
    await page.context().close();
  });

  test('an opportunity appears with its receipt and closes with its reason', async () => {
    const page = await stand.open(1280);
    // It stays open until the page has shown it, however slow the machine is.
    stand.feeder.findsByItself = false;
    const { id } = stand.feeder.opportunity();
    const row = page.locator(`[data-opportunity="${id}"]`);
    await row.locator('.tag', { hasText: 'open' }).waitFor();
    await row.locator('.decision', { hasText: /^(taken|refused by risk: VENUE_EXPOSURE_LIMIT|not taken: no strategy holds a basis)$/ }).waitFor();
    await row.locator('summary').click();
    await row.getByText('Net edge').waitFor();
    while (stand.feeder.closeOldest()?.id !== id);
    await row.locator('.tag', { hasText: 'closed' }).waitFor();
    expect(await row.locator('.life').innerText()).toContain('edge gone');
    stand.feeder.findsByItself = true;
    await page.context().close();
  });

  test('frames that could not be read, and limits that stand otherwise than configured, are told', async () => {
    const page = await stand.open(1280);
    await page.locator('#dead-letters li', { hasText: 'ETH/USDT: no number, at b' }).waitFor();
    stand.feeder.limitDifferences = [{ account: 'paper', name: 'maxOrderNotional', configured: '10000', standing: '500' }];
    await page.locator('#limits li', { hasText: 'maxOrderNotional of paper stands at 500, configured is 10000' }).waitFor();
    stand.feeder.limitDifferences = [];
    await until(async () => (await page.locator('#limits li').count()) === 0);
    await page.context().close();
  });

  test('legs that stand alone are told with what they are worth now, or that nobody knows; so are plans that ended uneven', async () => {
    const page = await stand.open(1280);
    await page.locator('#open-legs', { hasText: 'No leg stands alone.' }).waitFor();
    const lot = { base: 'BTC', size: '0.25', cost: '16000', instrument: 'okx:BTC/USDT', mark: '65000', markedBy: 'okx:BTC/USDT', value: '16250' };
    stand.feeder.lots = [lot, { base: 'ETH', size: '-2', cost: '-6240.5', instrument: 'kraken:ETH/USDT', mark: null, markedBy: null, value: null }];
    stand.feeder.dust = [{ venue: 'kraken', symbol: 'SOL/USDT', size: '-0.00012' }];
    const line = (text: string): Locator => page.locator('#open-legs li, #profit-open li', { hasText: text });
    await line('0.25 BTC bought for 16\u202f000.00 USDT').filter({ hasText: '+250.00 now' }).waitFor();
    await line('2 ETH sold for 6\u202f240.50 USDT').filter({ hasText: 'worth unknown' }).waitFor();
    await line('0.00012 of SOL/USDT sold at kraken, too little for an order').waitFor();
    // What is unknown is no number, neither in the panel nor among the key figures.
    await page.locator('#profit-figures .strong', { hasText: 'unknown' }).waitFor();
    await page.locator('#figures li', { hasText: 'Net profit' }).filter({ hasText: 'realised, open unknown' }).waitFor();
    const summary = 'plan intent-9 of paper has no way out left: 0.2 BTC/USDT bought at okx stands alone';
    stand.feeder.alerts = [{ id: 'plan.intent-9.leg.1', severity: 'critical', subject: 'plan.intent-9', summary, resolved: false, sinceUs: ports.clock.nowUs(), atUs: ports.clock.nowUs() }];
    await line(summary).waitFor();
    await page.locator('#alerts li', { hasText: summary }).waitFor();
    await picture(page, 'stands-alone');
    const [alert] = stand.feeder.alerts;
    stand.feeder.alerts = [{ ...alert, resolved: true, summary: 'what plan intent-9 left standing is even again', atUs: alert.sinceUs + 90_000_000 }];
    await page.locator('#past-alerts li', { hasText: /even again.*to .*, 90 s/ }).waitFor();
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    stand.feeder.alerts = [];
    [stand.feeder.lots, stand.feeder.dust] = [[lot], []];
    await page.locator('#profit-figures .strong', { hasText: /Net\s*[+−]/ }).waitFor();
    expect(await page.locator('#profit-figures > div', { hasText: 'Open' }).innerText()).toContain('+250.00');
    stand.feeder.lots = [];
    await page.locator('#open-legs', { hasText: 'No leg stands alone.' }).waitFor();
    await until(async () => (await page.locator('#profit-open li').count()) === 0);
    await page.context().close();
  });

  test('the halt button halts, saying who and why; resuming asks risk', async () => {
    const page = await stand.open(1280);
    await page.getByRole('button', { name: 'Halt trading' }).click();
    await page.getByLabel('Who are you?').fill('ann');
    await page.getByLabel('Why?').fill('prices look wrong');
    await picture(page, 'dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Halt trading' }).click();
    await page.locator('#state', { hasText: /Trading is halted since .*everything is halted by ann: prices look wrong since /s }).waitFor();
    const stored = await stand.bus.state('halt').get('halt');
    expect(decodeJson(haltRecordSchema, stored!.bytes!)).toMatchObject({ halted: true, by: 'ann', reason: 'prices look wrong' });
    await page.getByText('ann: prices look wrong').first().waitFor();
    await picture(page, 'halted');

    const resume = async (): Promise<void> => {
      await page.getByRole('dialog').getByLabel('Why?').fill('checked');
      await page.getByRole('dialog').getByRole('button', { name: 'Resume trading' }).click();
    };
    await page.getByRole('button', { name: 'Resume trading' }).click();
    await resume();
    await page.getByText('trading stays halted').waitFor();
    const record = { halted: false, by: 'ann', reason: 'checked', atUs: ports.clock.nowUs() };
    stand.bus.subscribe(subjects.resume(), (message) => {
      void stand.bus.state('halt').put('halt', encodeJson(record)).then(() => message.respond(encodeJson({ data: { record } })));
    });
    await resume();
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    await page.locator('#state').waitFor({ state: 'hidden' });
    await page.context().close();
    // The refused resume is a 503, which Chromium notes on its console.
    expect(stand.troubles.splice(0).filter((line) => !line.includes('503'))).toEqual([]);
  });

  test.each([390, 1280])('at %d px prices are whole, however long', async (width) => {
    if (stand.feeder.longPrices.length === 0) {
      const long = { ...specificationOf('binance', 'BTC'), symbol: 'LONG/USDT', base: 'LONG', priceScale: 8 };
      await stand.feeder.listLong(long, 123_456_712_345_678);
      await stand.feeder.listLong({ ...long, venue: 'coinbase' }, 123_456_712_345_677);
      await stand.feeder.listLong({ ...long, symbol: 'SMALL/USDT', base: 'SMALL', priceScale: 14 }, 1_234_567_890);
    }
    const page = await stand.open(width);
    await page.getByPlaceholder('Filter').fill('LONG');
    await page.locator('table.quotes', { hasText: 'LONG/USDT' }).locator('td.bid', { hasText: /1\u202f234\u202f567\.123456\d{2}/ }).first().waitFor();
    if (width === 390) await picture(page, 'long-prices', page.locator('#quotes'));
    await page.getByPlaceholder('Filter').fill('');
    await page.locator('td.bid', { hasText: '0.000012345678' }).waitFor();
    expect(await page.evaluate(cutTexts)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.context().close();
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test('what is heard no more is neither ready nor trusted', async () => {
    const page = await stand.open(1280);
    const figure = (name: string): Promise<string> => page.locator('li', { hasText: name }).first().innerText();
    await until(async () => /all of them/.test(await figure('Services ready')) && !/\n0 of/.test(await figure('Books trusted')));
    stand.feeding = false;
    // The gateway itself goes on to speak.
    await until(async () => /1 of \d+\s+silent: .*normalisation/.test(await figure('Services ready')));
    expect(await figure('Books trusted')).toMatch(/0 of \d+\s+normalisation is not heard/);
    expect(new Set(await page.locator('table.quotes .trust').allInnerTexts())).toEqual(new Set(['unknown']));
    stand.feeding = true;
    stand.feed();
    await until(async () => /all of them/.test(await figure('Services ready')) && !/\n0 of/.test(await figure('Books trusted')));
    await page.context().close();
  });

  test('the page says when it is cut off, and comes back with a restarted gateway', async () => {
    const page = await stand.open(1280);
    const port = Number(new URL(stand.gateway.address).port);
    await stand.gateway.stop();
    await page.getByText('Disconnected', { exact: true }).waitFor();
    await page.getByText('What you see is from').waitFor();
    expect(await page.locator('#trading').innerText()).toBe('Trading unknown');
    expect(await page.locator('#mode').innerText()).toBe('market unknown, orders unknown');
    await page.locator('#open-legs + .empty, #open-legs .empty, #alerts .empty, #audit .empty').first().waitFor({ state: 'detached' });
    await picture(page, 'disconnected');
    stand.gateway = await startGateway(stand.bus, { pageDirectory: PAGE, port });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('What you see is from').waitFor({ state: 'hidden' });
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    await page.context().close();
    expect(stand.troubles.splice(0).filter((line) => !/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|503/.test(line))).toEqual([]);
  });

  test('the theme is the system’s until someone chooses; the choice stays', async () => {
    const page = await stand.open(1280, 'light');
    const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const prefer = async (colorScheme: 'light' | 'dark'): Promise<unknown> => {
      await page.emulateMedia({ colorScheme });
      // The page hears of it with its next frame.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      return background();
    };
    const [light, dark] = ['rgb(243, 245, 248)', 'rgb(13, 18, 24)'];
    expect(await background()).toBe(light);
    expect(await prefer('dark')).toBe(dark);
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    expect(await background()).toBe(light);
    await prefer('light');
    expect(await prefer('dark')).toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Switch to the dark theme' }).waitFor();
    expect(await background()).toBe(light);
    await page.context().close();
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test.each([
    [1280, 'dark'],
    [1280, 'light'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)('at %d px in the %s nothing scrolls sideways, all controls have names, text stands out', async (width, theme) => {
    stand.troubles.length = 0;
    const page = await stand.open(width, theme);
    await page.locator('.depth tbody tr').nth(19).waitFor();
    await page.locator('#services li').nth(7).waitFor();
    await page.locator('#profit-chart canvas').first().waitFor();
    // Something to look at in pictures for people.
    if (SCREENSHOTS) await pause(4_000);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const nameless = await page.locator('button:visible, input:visible, textarea:visible').evaluateAll((elements) =>
      elements.filter((one: any) => !(one.getAttribute('aria-label') ?? (one.innerText || one.labels?.[0]?.innerText || '')).trim()).length,
    );
    expect(nameless).toBe(0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    if (SCREENSHOTS) {
      await page.screenshot({ path: `${SCREENSHOTS}/page-${width}-${theme}.png`, fullPage: true });
      await page.screenshot({ path: `${SCREENSHOTS}/top-${width}-${theme}.png` });
      await page.evaluate('document.querySelector("#opportunities").scrollIntoView()');
      await page.screenshot({ path: `${SCREENSHOTS}/middle-${width}-${theme}.png` });
    }
    await page.context().close();
    expect(stand.troubles).toEqual([]);
  });
});

/** Runs in the page: texts that are wider than their box, or end in an ellipsis, or lie beyond the window. */
const cutTexts = `[...document.querySelectorAll('main *, header *')].filter((one) => {
  if (one.children.length > 0 || !one.textContent.trim() || one.closest('.unseen, canvas, svg')) return false;
  const { overflowX, textOverflow, fontSize } = getComputedStyle(one);
  const { left, right, width } = one.getBoundingClientRect();
  if (width === 0 || fontSize === '0px') return false;
  const cut = overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1;
  return cut || left < -1 || right > innerWidth + 1 || (textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth);
}).map((one) => one.className + ': ' + one.textContent)`;

/** Runs in the page: colours whose contrast with the panel is below 4.5 (WCAG 2.2, 1.4.3). */
const faintTexts = `(() => {
  const style = getComputedStyle(document.documentElement);
  const parse = (name) => {
    const probe = document.createElement('span');
    probe.style.color = style.getPropertyValue(name);
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return parts;
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = ['--panel', '--page', '--raised'].map((name) => light(parse(name)));
  return ['--text', '--dim', '--good', '--bad', '--warn', '--bid', '--ask', '--accent'].filter((name) => {
    const own = light(parse(name));
    return behind.some((back) => (Math.max(own, back) + 0.05) / (Math.min(own, back) + 0.05) < 4.5);
  });
})()`;
