import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { resetAfter, rudeCrowd } from '@parallax/testing';
import type { ServiceHealth, ServiceName } from '@parallax/types';
import { HealthMetrics, openProbes, type Face, type Probes } from '../src/index.js';

const lines: string[] = [];
const log = { info: () => {}, warn: () => {}, error: (message: string, fields?: Record<string, unknown>) => void lines.push(`${message} ${JSON.stringify(fields)}`) };
let probes: Probes;
beforeEach(async () => {
  lines.length = 0;
  probes = await openProbes({ name: 'parallax', services: ['risk', 'regime'], environment: {}, log });
});
afterEach(() => probes.close());

const get = async (path: string): Promise<[number, string]> => {
  const reply = await fetch(probes.address + path);
  return [reply.status, await reply.text()];
};
const ready = async (): Promise<[number, unknown]> => {
  const [status, text] = await get('/readyz');
  return [status, JSON.parse(text)];
};
const healthOf = (service: ServiceName, missing: readonly string[], frames: number): ServiceHealth => ({
  service, instance: 'test', ready: missing.length === 0, missing, startedAtUs: 1, atUs: 2, counters: { frames }, latencies: {},
});
function faceOf(name: ServiceName, health: () => ServiceHealth): Face {
  const values = new HealthMetrics(name);
  return { name, health, metrics: () => values.text(health()) };
}

test('one address answers for all services of a process: ready when each is, with whose each missing thing is', async () => {
  expect(await get('/healthz')).toEqual([200, '{"status":"ok"}']);
  expect(await ready()).toEqual([503, { service: 'parallax', ready: false, standsBy: false, degraded: [], missing: ['risk: it has not started yet', 'regime: it has not started yet'] }]);
  let missing: string[] = ['the lease is not held', 'no instrument is known'];
  probes.show(faceOf('risk', () => healthOf('risk', missing, 1)));
  probes.show(faceOf('regime', () => healthOf('regime', [], 2)));
  expect(await ready()).toEqual([503, { service: 'parallax', ready: false, standsBy: false, degraded: [], missing: ['risk: the lease is not held', 'risk: no instrument is known'] }]);
  missing = [];
  expect(await ready()).toEqual([200, { service: 'parallax', ready: true, standsBy: false, degraded: [], missing: [] }]);
});

test('metrics of all services are one text: each metric once, each sample under its service, the process’s own under the process', async () => {
  probes.show(faceOf('risk', () => healthOf('risk', [], 7)));
  probes.show(faceOf('regime', () => healthOf('regime', ['x'], 8)));
  const [status, text] = await get('/metrics');
  expect(status).toBe(200);
  const family = text.split('\n\n').filter((one) => one.includes('# HELP parallax_count_frames '));
  expect(family).toEqual([[
    '# HELP parallax_count_frames frames of venues that were read', '# TYPE parallax_count_frames counter',
    'parallax_count_frames{service="risk"} 7', 'parallax_count_frames{service="regime"} 8',
  ].join('\n')]);
  expect(text).toContain('parallax_service_ready{service="regime"} 0');
  expect(text.match(/^process_resident_memory_bytes.*$/gm)).toEqual([expect.stringContaining('{service="parallax"}')]);
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(names).toEqual([...new Set(names)]);
});

test('a service that cannot say how it is keeps the others from nothing', async () => {
  const broken = (): never => {
    throw new Error('its book is gone');
  };
  probes.show(faceOf('risk', broken));
  probes.show(faceOf('regime', () => healthOf('regime', [], 8)));
  expect(await ready()).toEqual([503, { service: 'parallax', ready: false, standsBy: false, degraded: [], missing: ['risk: it cannot say how it is: its book is gone'] }]);
  const [status, text] = await get('/metrics');
  expect([status, text.includes('parallax_count_frames{service="regime"} 8')]).toEqual([200, true]);
  expect(lines).toEqual(['the metrics of a service could not be read {"of":"risk","error":"its book is gone"}']);
});

test('an address that is taken is told with its variable', async () => {
  const { port } = new URL(probes.address);
  await expect(openProbes({ name: 'regime', services: ['regime'], environment: { SERVICE_PORT: port }, log })).rejects.toMatchObject({
    code: 'CONFIG_REFUSED', place: 'SERVICE_PORT',
  });
});

test('clients of the probes that speak badly and leave by resets do not end the process', async () => {
  probes.show(faceOf('regime', () => healthOf('regime', [], 8)));
  await rudeCrowd({ port: Number(new URL(probes.address).port), seed: 12, count: 200, paths: ['/readyz', '/metrics', '/nowhere', '//', '/%'] });
  expect((await get('/healthz'))[0]).toBe(200);
});

test('what is wrong with a request has one form, whoever finds it, and a client that is too slow is let go with it', async () => {
  const errorOf = (text: string): unknown => (JSON.parse(text) as { error: unknown }).error;
  const [status, text] = await get('/nowhere');
  expect([status, errorOf(text)]).toEqual([404, { code: 'NOT_FOUND', message: expect.stringContaining('/readyz'), place: null }]);
  const [undecodable, why] = await get('/%');
  expect([undecodable, errorOf(why)]).toEqual([400, { code: 'INPUT_REFUSED', message: expect.any(String), place: null }]);
  const posted = await fetch(`${probes.address}/healthz`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
  expect([posted.status, errorOf(await posted.text())]).toMatchObject([expect.any(Number), { code: expect.any(String), message: expect.any(String) }]);
  const raw = async (address: string, ...pieces: string[]): Promise<[string, unknown]> => {
    const [head, body] = (await resetAfter(Number(new URL(address).port), pieces, 'ended', 60_000)).split('\r\n\r\n');
    return [head.split('\r\n')[0], errorOf(body)];
  };
  expect(await raw(probes.address, 'no HTTP\r\n\r\n')).toMatchObject(['HTTP/1.1 400 Bad Request', { code: 'INPUT_REFUSED' }]);
  expect(await raw(probes.address, `GET / HTTP/1.1\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatchObject([expect.stringContaining('431'), { code: 'HEADERS_TOO_LARGE' }]);
  const impatient = await openProbes({ name: 'regime', services: ['regime'], environment: {}, log, requestLimitMs: 200 });
  try {
    expect(await raw(impatient.address, 'GET /healthz HTTP/1.1\r\nhost: x\r\n')).toEqual([
      'HTTP/1.1 408 Request Timeout', { code: 'REQUEST_TIMEOUT', message: 'a request must have come whole within 0.2 s', place: null },
    ]);
  } finally {
    await impatient.close();
  }
});

test('a port that is taken is told by what is thrown alone: nothing bare comes before it in the log', async () => {
  const { hostname, port } = new URL(probes.address);
  const again = openProbes({ name: 'risk', services: ['risk'], environment: { SERVICE_PORT: port }, log });
  await expect(again).rejects.toMatchObject({
    code: 'CONFIG_REFUSED', place: 'SERVICE_PORT', message: `nobody can listen on ${hostname}:${port}: something listens there already; choose another (port 0 takes a free one)`,
  });
  expect(lines).toEqual([]);
});
