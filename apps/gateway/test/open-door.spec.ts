import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { encodeJson } from '@parallax/wire';
import { until } from '@parallax/testing';
import { gatewayConfigurationOf, hashOfKey } from '../src/index.js';
import { closeAll, makeBus, startGateway } from './running-gateway.js';

const folder = mkdtempSync(join(tmpdir(), 'parallax-keys-'));
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

test('the environment is read and refused by name', () => {
  const file = join(folder, 'keys');
  writeFileSync(file, `${KEY}\n\n${KEY}2\n`);
  const configuration = gatewayConfigurationOf({ PORT: '9000', PARALLAX_API_KEY_FILE: file, PARALLAX_ALLOWED_HOSTS: 'a.example, b.example' });
  expect(configuration).toMatchObject({ port: 9000, apiKeyHashes: [hashOfKey(KEY), hashOfKey(`${KEY}2`)], allowedHosts: ['a.example', 'b.example'] });
  expect(() => gatewayConfigurationOf({ PORT: '99999' })).toThrow('PORT must be integer from 0 to 65535');
  expect(() => gatewayConfigurationOf({ PARALLAX_API_KEY: 'short' })).toThrow('at least 16 characters');
  expect(() => gatewayConfigurationOf({ PARALLAX_API_KEY_FILE: '/nowhere' })).toThrow('PARALLAX_API_KEY_FILE names /nowhere, which cannot be read');
});
