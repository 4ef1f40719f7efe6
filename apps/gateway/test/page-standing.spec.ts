import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BusStatus } from '@parallax/bus';
import { describeWith, overlay, PATIENCE_MS } from '@parallax/testing';
import { encodeJson } from '@parallax/wire';
import { hashOfKey } from '../src/index.js';
import { PAGE, PageStand, picture } from './page-stand.js';
import { makeBus, ports, startGateway } from './running-gateway.js';

describeWith('chromium', 'what the page says of the whole, in Chromium', () => {
  const stand = new PageStand();
  beforeAll(() => stand.start());
  afterAll(() => stand.stop());

  test('the page says which market this is, and by what right it says that it trades', async () => {
    const page = await stand.open(1280);
    const pill = (id: string, text: string): Promise<void> => page.locator(`#${id}`, { hasText: new RegExp(`^${text}$`) }).waitFor();
    await pill('mode', 'simulated');
    await pill('trading', 'Trading');
    stand.feeder.market = 'live';
    await pill('mode', 'live market, paper orders');
    stand.feeder.market = undefined;
    await pill('mode', 'market unknown, paper orders');
    stand.feeder.market = 'simulated';
    await pill('mode', 'simulated');
    // Risk is killed: nobody hears of it, and execution says by itself that it does not go on.
    stand.feeder.silent.add('risk');
    await pill('trading', 'Trading unknown');
    await page.locator('#state', { hasText: /Nobody knows whether it trades since .*risk gives no sign of life since /s }).waitFor();
    stand.feeder.lacks.set('execution', 'risk is silent');
    await pill('trading', 'Not trading');
    await page.locator('#state li', { hasText: 'execution is not ready: risk is silent' }).waitFor();
    await page.locator('#state li', { hasText: /^risk is silent/ }).waitFor();
    await picture(page, 'risk-killed');
    stand.feeder.silent.clear();
    stand.feeder.lacks.clear();
    await pill('trading', 'Trading');
    // Who would tell of alerts is not heard: then their absence means nothing.
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    stand.feeder.silent.add('monitoring');
    await page.getByText(/^Unknown since [\d:]+: monitoring is silent\.$/).first().waitFor();
    expect(await page.locator('#alerts').innerText()).toBe('');
    stand.feeder.silent.clear();
    await page.locator('#alerts', { hasText: 'Nothing stands wrong, says monitoring.' }).waitFor();
    await page.context().close();
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test('a gateway that is cut off from the bus is not live, knows nothing of trading, and takes up what came meanwhile', async () => {
    let tell: (status: BusStatus) => void = () => {};
    const cut = await startGateway(stand.bus, { pageDirectory: PAGE }, undefined, (own) => overlay(own, {
      onStatus: (listener) => {
        tell = listener;
        return () => {};
      },
    }));
    const page = await stand.open(1280, 'dark', undefined, cut);
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
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test('where nobody has spoken yet nothing is claimed', async () => {
    const quiet = await makeBus();
    const alone = await startGateway(quiet, { pageDirectory: PAGE });
    const page = await stand.open(1280, 'dark', undefined, alone);
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
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test('where the gateway wants an API key the page asks for it, keeps it for the tab, sends it in no address, and forgets it', async () => {
    const key = 'a key of more than 16 characters'.replaceAll(' ', '-');
    const guarded = await startGateway(stand.bus, { pageDirectory: PAGE, apiKeyHashes: [hashOfKey(key)] });
    const context = await stand.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    page.on('pageerror', (error) => stand.troubles.push(String(error)));
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
    await stand.bus.state('halt').put('halt', encodeJson({ halted: false, by: 'ann', reason: 'checked', atUs: ports.clock.nowUs() }));
    // It is kept for this tab.
    await page.reload();
    await page.locator('#connection', { hasText: /^Live$/ }).waitFor();
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByRole('heading', { name: 'The gateway asks for an API key' }).waitFor();
    expect(await page.evaluate('sessionStorage.length + Object.keys(localStorage).filter((name) => /key/.test(name)).length')).toBe(0);
    // With the last key gone no key is right, which is said in place of "not this key".
    guarded.access.remove('configured-0');
    await give(key);
    await page.getByText('no API key is configured, so nobody is let in').waitFor();
    const encoded = [key, encodeURIComponent(key), Buffer.from(key).toString('base64url')];
    expect(addresses.filter((address) => encoded.some((text) => address.includes(text)))).toEqual([]);
    expect(addresses.some((address) => address.startsWith('ws'))).toBe(true);
    await context.close();
    await guarded.stop();
    expect(stand.troubles.splice(0)).toEqual([]);
  });

  test('positions are told with what they are worth, and as unknown where nobody tells of trust', async () => {
    const page = await stand.open(1280);
    const row = page.locator('#positions li').first();
    await row.filter({ hasText: /at \S+at [\d\u202f.]+[+−]?[\d\u202f.]+ USDT/ }).waitFor();
    stand.feeder.silent.add('normalisation');
    await row.filter({ hasText: 'worth unknown' }).waitFor();
    stand.feeder.silent.clear();
    stand.feeder.silent.add('execution');
    await page.getByText(/^Unknown since [\d:]+: execution is silent\. What follows was told before\.$/).first().waitFor();
    stand.feeder.silent.clear();
    await row.filter({ hasText: 'USDT' }).waitFor();
    await page.context().close();
    expect(stand.troubles.splice(0)).toEqual([]);
  });
});
