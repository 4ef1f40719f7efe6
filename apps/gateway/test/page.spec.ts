import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BusStatus, MemoryBus } from '@parallax/bus';
import { describeWith, overlay, PATIENCE_MS, requireProgram, until } from '@parallax/testing';
import { decodeJson, encodeJson, haltRecordSchema, subjects } from '@parallax/wire';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { hashOfKey, type GatewayService } from '../src/index.js';
import { MarketFeeder, specificationOf } from './market-feeder.js';
import { makeBus, pause, ports, startGateway } from './running-gateway.js';

const DASHBOARD = fileURLToPath(new URL('../../dashboard', import.meta.url));
const SCREENSHOTS = process.env.PARALLAX_SCREENSHOTS;

/** For people to look at, where PARALLAX_SCREENSHOTS names a folder: the page, or a part of it, at both widths. */
async function picture(page: Page, name: string, part?: Locator): Promise<void> {
  if (!SCREENSHOTS) return;
  const wide = page.viewportSize()!;
  for (const width of part ? [wide.width] : [1280, 390]) {
    await page.setViewportSize({ ...wide, width });
    await pause(600);
    const options = { path: `${SCREENSHOTS}/${name}-${width}.png` };
    await (part ? part.screenshot(options) : page.screenshot({ ...options, fullPage: true }));
  }
  await page.setViewportSize(wide);
}

describeWith('chromium', 'the page in Chromium', () => {
  let bus: MemoryBus;
  let gateway: GatewayService;
  let feeder: MarketFeeder;
  let browser: Browser;
  let feeding = true;
  const troubles: string[] = [];
  const feed = (): void => {
    if (!feeding) return;
    feeder.tick();
    ports.timers.after(100, feed);
  };

  const open = async (width: number, colorScheme: 'dark' | 'light' = 'dark', language?: string, of = gateway): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    // What Chromium says on a machine without a language (LANG=C): Intl refuses it, and the chart with it.
    const script = `Object.defineProperty(navigator, 'language', { value: ${JSON.stringify(language)}, configurable: true })`;
    if (language !== undefined) await page.addInitScript(script);
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    await page.goto(of.address);
    await page.locator('#connection', { hasText: /^(Live|Silent)$/ }).waitFor();
    return page;
  };

  beforeAll(async () => {
    execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { cwd: DASHBOARD });
    bus = await makeBus();
    gateway = await startGateway(bus, { pageDirectory: `${DASHBOARD}/dist` });
    feeder = new MarketFeeder(bus, () => ports.clock.nowUs());
    await feeder.list();
    for (let i = 0; i < 50; i++) feeder.tick();
    feed();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'];
    browser = await chromium.launch({ executablePath: requireProgram('chromium'), args, timeout: PATIENCE_MS });
  });
  afterAll(async () => {
    feeding = false;
    await browser?.close();
    await gateway?.stop();
    await bus?.drain();
  });

  test('quotes of every venue move, with trust and age', async () => {
    const page = await open(1280);
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
    const page = await open(1280, 'dark', 'en-US@posix');
    await page.locator('#profit-chart canvas').first().waitFor();
    await page.context().close();
  });

  test('an opportunity appears with its receipt and closes with its reason', async () => {
    const page = await open(1280);
    // It stays open until the page has shown it, however slow the machine is.
    feeder.findsByItself = false;
    const { id } = feeder.opportunity();
    const row = page.locator(`[data-opportunity="${id}"]`);
    await row.locator('.tag', { hasText: 'open' }).waitFor();
    await row.locator('.decision', { hasText: /^(taken|refused by risk: VENUE_EXPOSURE_LIMIT|not taken: no strategy holds a basis)$/ }).waitFor();
    await row.locator('summary').click();
    await row.getByText('Net edge').waitFor();
    while (feeder.closeOldest()?.id !== id);
    await row.locator('.tag', { hasText: 'closed' }).waitFor();
    expect(await row.locator('.life').innerText()).toContain('edge gone');
    feeder.findsByItself = true;
    await page.context().close();
  });

  test('frames that could not be read, and limits that stand otherwise than configured, are told', async () => {
    const page = await open(1280);
    await page.locator('#dead-letters li', { hasText: 'ETH/USDT: no number, at b' }).waitFor();
    feeder.limitDifferences = [{ account: 'paper', name: 'maxOrderNotional', configured: '10000', standing: '500' }];
    await page.locator('#limits li', { hasText: 'maxOrderNotional of paper stands at 500, configured is 10000' }).waitFor();
    feeder.limitDifferences = [];
    await until(async () => (await page.locator('#limits li').count()) === 0);
    await page.context().close();
  });

  test('legs that stand alone are told with what they are worth now, or that nobody knows; so are plans that ended uneven', async () => {
    const page = await open(1280);
    await page.locator('#open-legs', { hasText: 'No leg stands alone.' }).waitFor();
    const lot = { base: 'BTC', size: '0.25', cost: '16000', instrument: 'okx:BTC/USDT', mark: '65000', markedBy: 'okx:BTC/USDT', value: '16250' };
    feeder.lots = [lot, { base: 'ETH', size: '-2', cost: '-6240.5', instrument: 'kraken:ETH/USDT', mark: null, markedBy: null, value: null }];
    feeder.dust = [{ venue: 'kraken', symbol: 'SOL/USDT', size: '-0.00012' }];
    const line = (text: string): Locator => page.locator('#open-legs li, #profit-open li', { hasText: text });
    await line('0.25 BTC bought for 16\u202f000.00 USDT').filter({ hasText: '+250.00 now' }).waitFor();
    await line('2 ETH sold for 6\u202f240.50 USDT').filter({ hasText: 'worth unknown' }).waitFor();
    await line('0.00012 of SOL/USDT sold at kraken, too little for an order').waitFor();
    // What is unknown is no number, neither in the panel nor among the key figures.
    await page.locator('#profit-figures .strong', { hasText: 'unknown' }).waitFor();
    await page.locator('#figures li', { hasText: 'Net profit' }).filter({ hasText: 'realised, open unknown' }).waitFor();
    const summary = 'plan intent-9 of paper has no way out left: 0.2 BTC/USDT bought at okx stands alone';
    feeder.alerts = [{ id: 'plan.intent-9.leg.1', severity: 'critical', subject: 'plan.intent-9', summary, resolved: false, sinceUs: ports.clock.nowUs(), atUs: ports.clock.nowUs() }];
    await line(summary).waitFor();
    await page.locator('#alerts li', { hasText: summary }).waitFor();
    await picture(page, 'stands-alone');
    const [alert] = feeder.alerts;
    feeder.alerts = [{ ...alert, resolved: true, summary: 'what plan intent-9 left standing is even again', atUs: alert.sinceUs + 90_000_000 }];
    await page.locator('#past-alerts li', { hasText: /even again.*to .*, 90 s/ }).waitFor();
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    feeder.alerts = [];
    [feeder.lots, feeder.dust] = [[lot], []];
    await page.locator('#profit-figures .strong', { hasText: /Net\s*[+−]/ }).waitFor();
    expect(await page.locator('#profit-figures > div', { hasText: 'Open' }).innerText()).toContain('+250.00');
    feeder.lots = [];
    await page.locator('#open-legs', { hasText: 'No leg stands alone.' }).waitFor();
    await until(async () => (await page.locator('#profit-open li').count()) === 0);
    await page.context().close();
  });

  test('the halt button halts, saying who and why; resuming asks risk', async () => {
    const page = await open(1280);
    await page.getByRole('button', { name: 'Halt trading' }).click();
    await page.getByLabel('Who are you?').fill('ann');
    await page.getByLabel('Why?').fill('prices look wrong');
    await picture(page, 'dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Halt trading' }).click();
    await page.locator('#state', { hasText: /Trading is halted since .*everything is halted by ann: prices look wrong since /s }).waitFor();
    const stored = await bus.state('halt').get('halt');
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
    bus.subscribe(subjects.resume(), (message) => {
      void bus.state('halt').put('halt', encodeJson(record)).then(() => message.respond(encodeJson({ data: { record } })));
    });
    await resume();
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    await page.locator('#state').waitFor({ state: 'hidden' });
    await page.context().close();
    // The refused resume is a 503, which Chromium notes on its console.
    expect(troubles.splice(0).filter((line) => !line.includes('503'))).toEqual([]);
  });

  test('the page says which market this is, and by what right it says that it trades', async () => {
    const page = await open(1280);
    const pill = (id: string, text: string): Promise<void> => page.locator(`#${id}`, { hasText: new RegExp(`^${text}$`) }).waitFor();
    await pill('mode', 'simulated');
    await pill('trading', 'Trading');
    feeder.market = 'live';
    await pill('mode', 'live market, paper orders');
    feeder.market = undefined;
    await pill('mode', 'market unknown, paper orders');
    feeder.market = 'simulated';
    await pill('mode', 'simulated');
    // Risk is killed: nobody hears of it, and execution says by itself that it does not go on.
    feeder.silent.add('risk');
    await pill('trading', 'Trading unknown');
    await page.locator('#state', { hasText: /Nobody knows whether it trades since .*risk gives no sign of life since /s }).waitFor();
    feeder.lacks.set('execution', 'risk is silent');
    await pill('trading', 'Not trading');
    await page.locator('#state li', { hasText: 'execution is not ready: risk is silent' }).waitFor();
    await page.locator('#state li', { hasText: /^risk is silent/ }).waitFor();
    await picture(page, 'risk-killed');
    feeder.silent.clear();
    feeder.lacks.clear();
    await pill('trading', 'Trading');
    // Who would tell of alerts is not heard: then their absence means nothing.
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    feeder.silent.add('monitoring');
    await page.getByText(/^Unknown since [\d:]+: monitoring is silent\.$/).first().waitFor();
    expect(await page.locator('#alerts').innerText()).toBe('');
    feeder.silent.clear();
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    await page.context().close();
    expect(troubles.splice(0)).toEqual([]);
  });

  test('a gateway that is cut off from the bus is not live, knows nothing of trading, and takes up what came meanwhile', async () => {
    let tell: (status: BusStatus) => void = () => {};
    const cut = await startGateway(bus, { pageDirectory: `${DASHBOARD}/dist` }, undefined, (own) => overlay(own, {
      onStatus: (listener) => {
        tell = listener;
        return () => {};
      },
    }));
    const page = await open(1280, 'dark', undefined, cut);
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    tell({ type: 'disconnected' });
    await page.locator('#connection', { hasText: /^Cut off$/ }).waitFor();
    await page.locator('#trading', { hasText: /^Trading unknown$/ }).waitFor();
    await page.locator('#state', { hasText: /the gateway is cut off from the bus since/ }).waitFor();
    await page.getByText(/^Unknown since [\d:]+: the gateway is cut off from the bus\./).nth(8).waitFor();
    expect(await page.locator('#alerts .empty, #audit .empty, #open-legs .empty').count()).toBe(0);
    expect(new Set(await page.locator('table.quotes .trust').allInnerTexts())).toEqual(new Set(['unknown']));
    expect(await page.locator('#mode').innerText()).toBe('market unknown, orders unknown');
    expect(new Set(await page.locator('#services .tag, #venues .tag').allInnerTexts())).toEqual(new Set(['unknown']));
    const figures = await page.locator('#figures').innerText();
    expect(figures).not.toMatch(/all of them|none worth|Books trusted\s+[1-9]/);
    await picture(page, 'bus-outage');
    tell({ type: 'connected' });
    await page.locator('#connection', { hasText: /^Live$/ }).waitFor();
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    await page.context().close();
    await cut.stop();
    expect(troubles.splice(0)).toEqual([]);
  });

  test('where nobody has spoken yet nothing is claimed', async () => {
    const quiet = await makeBus();
    const alone = await startGateway(quiet, { pageDirectory: `${DASHBOARD}/dist` });
    const page = await open(1280, 'dark', undefined, alone);
    await page.locator('#connection', { hasText: /^Silent$/ }).waitFor();
    expect(await page.locator('#trading').innerText()).toBe('Trading unknown');
    expect(await page.locator('#mode').innerText()).toBe('market unknown, orders unknown');
    for (const id of ['alerts', 'past-alerts', 'audit', 'positions', 'open-legs', 'orders', 'fills', 'verdicts', 'opportunities', 'dead-letters']) {
      expect([id, await page.locator(`#${id} .empty`).count()]).toEqual([id, 0]);
    }
    expect(await page.locator('#figures').innerText()).not.toMatch(/all of them|none worth|no plan/);
    await picture(page, 'empty');
    await page.context().close();
    await alone.stop();
    await quiet.drain();
    expect(troubles.splice(0)).toEqual([]);
  });

  test('where the gateway wants an API key the page asks for it, keeps it for the tab, sends it in no address, and forgets it', async () => {
    const key = 'a key of more than 16 characters'.replaceAll(' ', '-');
    const guarded = await startGateway(bus, { pageDirectory: `${DASHBOARD}/dist`, apiKeyHashes: [hashOfKey(key)] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    const give = async (given: string): Promise<void> => {
      await page.getByLabel('API key', { exact: true }).fill(given);
      await page.getByRole('button', { name: 'Enter' }).click();
    };
    await page.goto(guarded.address);
    await page.getByRole('heading', { name: 'The gateway asks for an API key' }).waitFor();
    expect([await page.locator('main').isVisible(), await page.locator('#halt').isVisible(), await page.getByLabel('API key', { exact: true }).getAttribute('type')]).toEqual([false, false, 'password']);
    await give('not-the-key-at-all');
    await page.getByText('The gateway does not take this key.').waitFor();
    await picture(page, 'key');
    await give(key);
    await page.locator('#connection', { hasText: /^Live$/ }).waitFor();
    await page.getByLabel('API key', { exact: true }).waitFor({ state: 'hidden' });
    await page.locator('.depth tbody tr').nth(19).waitFor();
    await page.getByRole('button', { name: 'Halt trading' }).click();
    await page.getByLabel('Who are you?').fill('ann');
    await page.getByLabel('Why?').fill('with a key');
    await page.getByRole('dialog').getByRole('button', { name: 'Halt trading' }).click();
    await page.locator('#trading', { hasText: /^Halted$/ }).waitFor();
    await bus.state('halt').put('halt', encodeJson({ halted: false, by: 'ann', reason: 'checked', atUs: ports.clock.nowUs() }));
    // It is kept for this tab.
    await page.reload();
    await page.locator('#connection', { hasText: /^Live$/ }).waitFor();
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByRole('heading', { name: 'The gateway asks for an API key' }).waitFor();
    expect(await page.evaluate('sessionStorage.length + Object.keys(localStorage).filter((name) => /key/.test(name)).length')).toBe(0);
    const encoded = [key, encodeURIComponent(key), Buffer.from(key).toString('base64url')];
    expect(addresses.filter((address) => encoded.some((text) => address.includes(text)))).toEqual([]);
    expect(addresses.some((address) => address.startsWith('ws'))).toBe(true);
    await context.close();
    await guarded.stop();
    expect(troubles.splice(0)).toEqual([]);
  });

  test('positions are told with what they are worth, and as unknown where nobody tells of trust', async () => {
    const page = await open(1280);
    const row = page.locator('#positions li').first();
    await row.filter({ hasText: /at \S+at [\d\u202f.]+[+−]?[\d\u202f.]+ USDT/ }).waitFor();
    feeder.silent.add('normalisation');
    await row.filter({ hasText: 'worth unknown' }).waitFor();
    feeder.silent.clear();
    feeder.silent.add('execution');
    await page.getByText(/^Unknown since [\d:]+: execution is silent\. What follows was told before\.$/).first().waitFor();
    feeder.silent.clear();
    await row.filter({ hasText: 'USDT' }).waitFor();
    await page.context().close();
    expect(troubles.splice(0)).toEqual([]);
  });

  test.each([390, 1280])('at %d px prices are whole, however long', async (width) => {
    if (feeder.longPrices.length === 0) {
      const long = { ...specificationOf('binance', 'BTC'), symbol: 'LONG/USDT', base: 'LONG', priceScale: 8 };
      await feeder.listLong(long, 123_456_712_345_678);
      await feeder.listLong({ ...long, venue: 'coinbase' }, 123_456_712_345_677);
      await feeder.listLong({ ...long, symbol: 'SMALL/USDT', base: 'SMALL', priceScale: 14 }, 1_234_567_890);
    }
    const page = await open(width);
    await page.getByPlaceholder('Filter').fill('LONG');
    await page.locator('table.quotes', { hasText: 'LONG/USDT' }).locator('td.bid', { hasText: /1\u202f234\u202f567\.123456\d{2}/ }).first().waitFor();
    if (width === 390) await picture(page, 'long-prices', page.locator('#quotes'));
    await page.getByPlaceholder('Filter').fill('');
    await page.locator('td.bid', { hasText: '0.000012345678' }).waitFor();
    expect(await page.evaluate(cutTexts)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.context().close();
    expect(troubles.splice(0)).toEqual([]);
  });

  test('what is heard no more is neither ready nor trusted', async () => {
    const page = await open(1280);
    const figure = (name: string): Promise<string> => page.locator('li', { hasText: name }).first().innerText();
    await until(async () => /all of them/.test(await figure('Services ready')) && !/\n0 of/.test(await figure('Books trusted')));
    feeding = false;
    // The gateway itself goes on to speak.
    await until(async () => /1 of \d+\s+silent: .*normalisation/.test(await figure('Services ready')));
    expect(await figure('Books trusted')).toMatch(/0 of \d+\s+normalisation is not heard/);
    expect(new Set(await page.locator('table.quotes .trust').allInnerTexts())).toEqual(new Set(['unknown']));
    feeding = true;
    feed();
    await until(async () => /all of them/.test(await figure('Services ready')) && !/\n0 of/.test(await figure('Books trusted')));
    await page.context().close();
  });

  test('the page says when it is cut off, and comes back with a restarted gateway', async () => {
    const page = await open(1280);
    const port = Number(new URL(gateway.address).port);
    await gateway.stop();
    await page.getByText('Disconnected', { exact: true }).waitFor();
    await page.getByText('What you see is from').waitFor();
    expect(await page.locator('#trading').innerText()).toBe('Trading unknown');
    expect(await page.locator('#mode').innerText()).toBe('market unknown, orders unknown');
    await page.locator('#open-legs + .empty, #open-legs .empty, #alerts .empty, #audit .empty').first().waitFor({ state: 'detached' });
    await picture(page, 'disconnected');
    gateway = await startGateway(bus, { pageDirectory: `${DASHBOARD}/dist`, port });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('What you see is from').waitFor({ state: 'hidden' });
    await page.locator('#trading', { hasText: /^Trading$/ }).waitFor();
    await page.context().close();
    expect(troubles.splice(0).filter((line) => !/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|503/.test(line))).toEqual([]);
  });

  test('the theme is the system’s until someone chooses; the choice stays', async () => {
    const page = await open(1280, 'light');
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
    expect(troubles.splice(0)).toEqual([]);
  });

  test.each([
    [1280, 'dark'],
    [1280, 'light'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)('at %d px in the %s nothing scrolls sideways, all controls have names, text stands out', async (width, theme) => {
    troubles.length = 0;
    const page = await open(width, theme);
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
    expect(troubles).toEqual([]);
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
