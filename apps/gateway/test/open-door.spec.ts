import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { MemoryBus } from '@parallax/bus';
import { BUCKETS, encodeJson } from '@parallax/wire';
import { until } from '@parallax/testing';
import { WebSocket } from 'ws';
import { gatewayConfigurationOf, hashOfKey, ROUTES, type GatewayConfiguration } from '../src/index.js';
import { closeAll, makeBus, quiet, startGateway } from './running-gateway.js';

const folder = mkdtempSync(pathOf(tmpdir(), 'parallax-keys-'));
afterEach(closeAll);
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = 'a-long-enough-test-key';
const halt = (address: string, headers: Record<string, string>): Promise<Response> =>
  fetch(`${address}/api/v1/risk/halt`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ who: 'ann', why: 'testing' }),
  });

test('beyond loopback the gateway does not open without a key', async () => {
  const bus = await makeBus();
  await expect(startGateway(bus, { host: '0.0.0.0' })).rejects.toMatchObject({ code: 'CONFIG_REFUSED' });
});

test('a port that is taken is told in a sentence', async () => {
  const bus = await makeBus();
  const port = Number(new URL((await startGateway(bus)).address).port);
  await expect(startGateway(bus, { port })).rejects.toMatchObject({
    code: 'CONFIG_REFUSED', place: 'PORT', message: expect.stringContaining(`nobody can listen on 127.0.0.1:${port}: something listens there already`),
  });
});

test('with a key the key counts, in the configuration or in shared state, and the start’s token does not', async () => {
  const bus = await makeBus();
  const gateway = await startGateway(bus, { host: '0.0.0.0', apiKeyHashes: [hashOfKey(KEY)] });
  const address = `http://127.0.0.1:${new URL(gateway.address).port}`;
  expect((await halt(address, {})).status).toBe(401);
  expect((await halt(address, { 'x-parallax-token': gateway.access.startToken })).status).toBe(401);
  expect((await halt(address, { 'x-api-key': `${KEY}x` })).status).toBe(401);
  expect((await halt(address, { 'x-api-key': KEY })).status).toBe(200);
  const other = 'another-key-kept-in-state';
  expect((await halt(address, { 'x-api-key': other })).status).toBe(401);
  await bus.state('api-keys').put('ann', encodeJson({ name: 'ann', hash: hashOfKey(other) }));
  await until(async () => (await halt(address, { 'x-api-key': other })).status === 200);
  await bus.state('api-keys').delete('ann');
  await until(async () => (await halt(address, { 'x-api-key': other })).status === 401);
});

const keep = (bus: MemoryBus, name: string, key: string): Promise<number> => bus.state(BUCKETS.apiKeys).put(name, encodeJson({ hash: hashOfKey(key) }));

test.each([
  ['0.0.0.0', 'deleted', (bus: MemoryBus) => bus.state(BUCKETS.apiKeys).delete('ada')],
  ['127.0.0.1', 'deleted', (bus: MemoryBus) => bus.state(BUCKETS.apiKeys).delete('ada')],
  ['0.0.0.0', 'unreadable', (bus: MemoryBus) => bus.state(BUCKETS.apiKeys).put('ada', encodeJson({ hash: 'none' }))],
] as const)('at %s nobody is let in once the last key is %s, until there is one again', async (host, _, take) => {
  const bus = await makeBus();
  const page = mkdtempSync(pathOf(folder, 'page-'));
  writeFileSync(pathOf(page, 'index.html'), '<head></head>');
  await keep(bus, 'ada', KEY);
  const gateway = await startGateway(bus, { host, pageDirectory: page });
  const address = `http://127.0.0.1:${new URL(gateway.address).port}`;
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(address + path, { headers })).status;
  await take(bus);
  await until(() => gateway.access.keys === 0);
  const refused = await fetch(`${address}/api/v1/system`);
  expect([refused.status, await refused.json()]).toMatchObject([401, { error: { code: 'NO_API_KEY', message: expect.stringContaining('no API key is configured') } }]);
  for (let i = 0; i < 12; i++) expect(await status('/api/v1/system', { 'x-api-key': KEY })).toBe(401);
  expect((await halt(address, { 'x-parallax-token': gateway.access.startToken })).status).toBe(401);
  expect(await join(address, ['parallax'])).toBe('401');
  expect(await (await fetch(`${address}/`)).text()).toBe('<head></head>');
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
  expect(gateway.health().troubles).toMatchObject([{ key: 'no-api-key', severity: 'critical' }]);
  expect(quiet.lines.at(-1)).toContain('no API key is left');
  await keep(bus, 'ada', KEY);
  await until(async () => (await status('/api/v1/system', { 'x-api-key': KEY })) === 200);
  expect(gateway.health().troubles).toBeUndefined();
});

test('a restart on loopback after the last key was deleted lets nobody in, unless it is told to, and says either loudly', async () => {
  const bus = await makeBus();
  const seen = async (more: Partial<GatewayConfiguration> = {}): Promise<[number, unknown, string]> => {
    const gateway = await startGateway(bus, more);
    const { status } = await fetch(`${gateway.address}/api/v1/system`);
    const told: [number, unknown, string] = [status, gateway.health().troubles?.map(({ key }) => key), quiet.lines.at(-1) ?? ''];
    await gateway.stop();
    return told;
  };
  expect((await seen()).slice(0, 2)).toEqual([200, undefined]);
  await keep(bus, 'ada', KEY);
  await bus.state(BUCKETS.apiKeys).delete('ada');
  expect(await seen()).toEqual([401, ['no-api-key'], expect.stringContaining('all API keys were deleted before this start: nobody is let in')]);
  expect(await seen({ deletedKeysOpen: true })).toEqual([200, undefined, expect.stringContaining('lets whoever sits at this machine in without one')]);
  await keep(bus, 'bob', KEY);
  expect((await seen({ deletedKeysOpen: true })).slice(0, 2)).toEqual([401, undefined]);
});

test('a key that cannot be read was meant: on loopback too nobody is let in, and it is told and counted', async () => {
  const bus = await makeBus();
  await bus.state(BUCKETS.apiKeys).put('ada', encodeJson({ hash: 'none' }));
  const gateway = await startGateway(bus);
  expect((await fetch(`${gateway.address}/api/v1/system`)).status).toBe(401);
  expect(gateway.health()).toMatchObject({ counters: { unreadable: 1 }, troubles: [{ key: 'no-api-key' }] });
  expect(quiet.lines.at(-2)).toContain('api-keys/ada');
});

const protocolOf = (key: string): string => `parallax.key.${Buffer.from(key).toString('base64url')}`;

/** Joins the stream; gives the protocol that was selected, or the status of the refusal. */
function join(address: string, protocols: string[], headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/api/v1/stream`, protocols, { headers });
    socket.on('error', () => {});
    socket.on('unexpected-response', (_, answer) => {
      answer.resume();
      resolve(String(answer.statusCode));
    });
    socket.on('message', () => {
      resolve(`joined as "${socket.protocol}"`);
      socket.terminate();
    });
  });
}

test('with a key configured every read needs it, by whichever spelling of the address; probes and the page do not', async () => {
  const page = mkdtempSync(pathOf(folder, 'page-'));
  writeFileSync(pathOf(page, 'index.html'), '<head></head>');
  writeFileSync(pathOf(page, 'main.js'), '1');
  const gateway = await startGateway(await makeBus(), { apiKeyHashes: [hashOfKey(KEY)], pageDirectory: page });
  const { address } = gateway;
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(address + path, { headers })).status;
  const gets = ROUTES.filter(({ method, path }) => method === 'get' && path.startsWith('/api/') && path !== '/api/v1/book').map(({ path }) => path);
  expect(gets.length).toBeGreaterThan(12);
  for (const path of [...gets, '/api/openapi.json', '/api/v1/book?venue=okx&symbol=A/B', '/api/v1/nowhere', '/nowhere', '/%61pi/v1/quotes', '/API/v1/quotes']) {
    expect([path, await status(path)]).toEqual([path, 401]);
    expect([path, await status(path, { 'x-api-key': `${KEY}x` })]).toEqual([path, expect.any(Number)]);
    expect([path, (await status(path, { 'x-api-key': KEY })) === 401]).toEqual([path, false]);
  }
  for (const path of gets) expect([path, await status(path, { 'x-api-key': KEY })]).toEqual([path, 200]);
  for (const path of ['/', '/main.js', '/healthz', '/readyz']) expect([path, await status(path)]).toEqual([path, 200]);
  // Never in an address, which is logged and kept in histories.
  expect(await status(`/api/v1/quotes?x-api-key=${KEY}`)).toBe(401);
  expect(await status(`/api/v1/quotes?key=${KEY}`)).toBe(401);
});

test('the stream takes the key as a sub-protocol, which no answer repeats, or as a header', async () => {
  const { address } = await startGateway(await makeBus(), { apiKeyHashes: [hashOfKey('a key of ümlauts and more')] });
  const key = 'a key of ümlauts and more';
  expect(await join(address, [])).toBe('401');
  expect(await join(address, ['parallax'])).toBe('401');
  expect(await join(address, ['parallax', protocolOf(`${key}x`)])).toBe('401');
  expect(await join(address, ['parallax', protocolOf(key)])).toBe('joined as "parallax"');
  expect(await join(address, [protocolOf(key), 'parallax'])).toBe('joined as "parallax"');
  const { address: other } = await startGateway(await makeBus(), { apiKeyHashes: [hashOfKey(KEY)] });
  expect(await join(other, [], { 'x-api-key': KEY })).toBe('joined as ""');
  const { address: free } = await startGateway(await makeBus());
  expect(await join(free, ['parallax'])).toBe('joined as "parallax"');
  expect(await join(free, [])).toBe('joined as ""');
});

test('many wrong keys from one address are counted, told and answered slowly; the right one is let in all the same', async () => {
  const gateway = await startGateway(await makeBus(), { apiKeyHashes: [hashOfKey(KEY)] });
  const status = async (headers: Record<string, string>): Promise<number> => (await fetch(`${gateway.address}/api/v1/quotes`, { headers })).status;
  for (let i = 0; i < 10; i++) expect(await status({ 'x-api-key': `guess ${i}` })).toBe(401);
  expect(gateway.health().troubles).toBeUndefined();
  const slowed = await fetch(`${gateway.address}/api/v1/quotes`, { headers: { 'x-api-key': 'guess' } });
  expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '60']);
  expect(await join(gateway.address, ['parallax', protocolOf('guess')])).toBe('429');
  // Who sends none does not guess.
  expect(await status({})).toBe(401);
  expect(await status({ 'x-api-key': KEY })).toBe(200);
  expect(await join(gateway.address, ['parallax', protocolOf(KEY)])).toBe('joined as "parallax"');
  expect(gateway.health()).toMatchObject({ counters: { wrongKeys: 12 }, troubles: [{ key: 'wrong-keys', severity: 'warning' }] });
  expect(gateway.health().troubles?.[0].summary).toContain('more than 10 wrong API keys came within a minute from 127.0.0.1:');
});

test('the environment is read and refused by name', () => {
  const file = pathOf(folder, 'keys');
  writeFileSync(file, `${KEY}\n\n${KEY}2\n`);
  const configuration = gatewayConfigurationOf({ PORT: '9000', PARALLAX_API_KEY_FILE: file, PARALLAX_ALLOWED_HOSTS: 'a.example, b.example' });
  expect(configuration).toMatchObject({ port: 9000, apiKeyHashes: [hashOfKey(KEY), hashOfKey(`${KEY}2`)], allowedHosts: ['a.example', 'b.example'] });
  expect(() => gatewayConfigurationOf({ PORT: '99999' })).toThrow('PORT must be integer from 0 to 65535');
  expect(() => gatewayConfigurationOf({ PARALLAX_API_KEY: 'short' })).toThrow('at least 16 characters');
  expect(() => gatewayConfigurationOf({ PARALLAX_API_KEY_FILE: '/nowhere' })).toThrow('PARALLAX_API_KEY_FILE names /nowhere, which cannot be read');
});
