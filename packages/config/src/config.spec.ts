import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfiguration, describeConfiguration, environmentDocument, fees, feesOf, readConfiguration, refuseTogether, settingsOf, VARIABLES, venueChecks, type VariableName } from './index.js';

const refusalOf = (body: () => unknown): ParallaxError => {
  try {
    body();
  } catch (error) {
    if (error instanceof ParallaxError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('reading', () => {
  test('gives typed values and defaults', () => {
    const { PORT, NATS_URL, VENUES, MIN_EDGE_BPS } = readConfiguration({ PORT: '9000', NATS_URL: '' }, ['PORT', 'NATS_URL', 'VENUES', 'MIN_EDGE_BPS']);
    const port: number = PORT;
    const url: string | undefined = NATS_URL;
    expect([port, url, VENUES.length, MIN_EDGE_BPS]).toEqual([9000, undefined, 5, '20']);
  });

  test('of services names every bad variable of theirs at once, and no other', () => {
    const environment = { PORT: '80a', CAPITAL: '-1', LOG_LEVEL: 'loud', QUESTDB_URL: 'x', PARALLAX_DATA: '/data' };
    expect(refusalOf(() => checkConfiguration(environment, ['gateway', 'risk'])).place).toBe('PORT, CAPITAL, LOG_LEVEL');
    expect(refusalOf(() => checkConfiguration(environment, ['risk'])).place).toBe('CAPITAL, LOG_LEVEL');
    expect(() => checkConfiguration({ ...environment, LOG_LEVEL: '' }, ['regime'])).not.toThrow();
  });

  test('names every bad variable at once, with what would be right', () => {
    const environment = { PORT: '80a', NATS_URL: 'localhost:4222', PARALLAX_MARKET: 'real', MAX_VENUE_EXPOSURE: '1.5', FEES: 'x', LOG_LEVEL: 'info' };
    const names: VariableName[] = ['PORT', 'NATS_URL', 'PARALLAX_MARKET', 'MAX_VENUE_EXPOSURE', 'FEES', 'LOG_LEVEL'];
    const refusal = refusalOf(() => readConfiguration(environment, names));
    expect(refusal.code).toBe('CONFIG_REFUSED');
    expect(refusal.place).toBe('PORT, NATS_URL, PARALLAX_MARKET, MAX_VENUE_EXPOSURE, FEES');
    expect(refusal.message).toContain('PORT must be integer from 0 to 65535, not "80a"');
    expect(refusal.message).toContain('PARALLAX_MARKET must be `simulated` or `live`, not "real"');
  });

  test('every default reads', () => {
    expect(() => readConfiguration({}, Object.keys(VARIABLES) as VariableName[])).not.toThrow();
  });

  test.each([
    ['PORT', ['0', '65535'], ['-1', '65536', '1.5', '1e3', ' 1', '0x10']],
    ['CAPITAL', ['0', '0.5', '123456789.000000001'], ['-1', '1e5', '.5', '1,000', 'NaN', 'Infinity']],
    ['BASIS_FUNDING_RATE', ['0', '-0.0003', '1'], ['-1.1', '--1', '0,1']],
    ['BASIS_HOLDING_HOURS', ['0', '0.5', '8760'], ['-1', '9000']],
    ['NATS_URL', ['nats://a:4222', 'tls://a,nats://b:1'], ['http://a', 'nats://', 'a,nats://b']],
    // Venues list names of any letters: Kraken's `AAPLx/USD`, Binance's `币安人生/USDT:USDT`.
    ['SYMBOLS', ['BTC/USDT, ETH/USDT:USDT', 'AAPLx/USD', '币安人生/USDT:USDT', 'BTC/USD:BTC-260327'], ['BTCUSDT', 'BTC/', '/USDT', 'BTC/USDT:', 'BTC /USDT', 'BTC/USDT/X']],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', ['http://127.0.0.1:4318'], ['127.0.0.1:4318']],
  ] as const)('%s takes %j and refuses %j', (name, good, bad) => {
    for (const value of good) expect(() => readConfiguration({ [name]: value }, [name])).not.toThrow();
    for (const value of bad) expect(() => readConfiguration({ [name]: value }, [name])).toThrow(name);
  });

  test('fees: one rate, or one for each venue', () => {
    expect(fees.read('0')).toEqual({ '*': '0' });
    expect(fees.read('binance=0.001, *=0.002')).toEqual({ binance: '0.001', '*': '0.002' });
    expect(fees.read('okx:derivative=0.0002,*:spot=0.003')).toEqual({ 'okx:derivative': '0.0002', '*:spot': '0.003' });
    for (const bad of ['', '1', 'binance', 'okx:option=0.1', ':spot=0.1', 'binance=1', 'a=0.1,a=0.2', 'binance=0.001,']) expect(fees.read(bad)).toBeUndefined();
  });
});

test('settings read what a basis costs, and name a bad rate beside other bad variables', () => {
  const given = { VENUES: 'okx', BASIS_HOLDING_HOURS: '1.5', BASIS_FUNDING_RATE: '-0.0002', BASIS_FUNDING_CREDIT: 'yes' };
  expect(settingsOf(given, new Map([['okx', { id: 'okx', fees: {} }]])).basis).toEqual({
    holdingUs: 5_400_000_000, fundingRate: '-0.0002', fundingIntervalUs: 28_800_000_000, creditFunding: true,
    capitalRatePerYear: '0.05', borrowRatePerYear: '0.1',
  });
  const refusal = refusalOf(() => settingsOf({ BASIS_CAPITAL_RATE: '5%', FEES: 'x' }, new Map()));
  expect(refusal.place).toBe('FEES, BASIS_CAPITAL_RATE');
});

test('a venue that there is not is refused, naming those that there are', () => {
  const venues = new Map(['okx', 'kraken'].map((id) => [id, { id, fees: {} }]));
  expect(settingsOf({ VENUES: 'kraken' }, venues).venues).toEqual(['kraken']);
  const { message, place } = refusalOf(() => settingsOf({ VENUES: 'okx,kracken,mtgox' }, venues));
  expect([message, place]).toEqual(['VENUES names "kracken", "mtgox"; the venues are okx, kraken', 'VENUES']);
  const slip = refusalOf(() => settingsOf({ FEES: 'okx=0,krakn:spot=0,*=0.1', VENUES: 'okx' }, venues));
  expect([slip.message, slip.place]).toEqual(['FEES names "krakn"; the venues are okx, kraken', 'FEES']);
});

test('all that is wrong with a start is told at once, and nothing twice', () => {
  const venues = new Map(['okx', 'kraken'].map((id) => [id, { id, fees: {} }]));
  const environment = { VENUES: 'okx,kracken', FEES: 'krakn=0.1', PORT: 'x', NATS_URL: 'nowhere' };
  const check = (): void => refuseTogether([
    () => checkConfiguration(environment, ['gateway']), ...venueChecks(environment, venues), () => readConfiguration(environment, ['NATS_URL']),
  ]);
  const { code, message, place } = refusalOf(check);
  expect([code, place]).toEqual(['CONFIG_REFUSED', 'PORT, NATS_URL, VENUES, FEES']);
  expect(message.match(/NATS_URL must be/g)).toHaveLength(1);
  for (const sentence of ['PORT must be', 'VENUES names "kracken"', 'FEES names "krakn"']) expect(message).toContain(sentence);
  expect(refusalOf(() => settingsOf({ VENUES: 'kracken', FEES: 'krakn=0.1' }, venues)).place).toBe('VENUES, FEES');
  expect(() => refuseTogether([() => {}])).not.toThrow();
  expect(() => refuseTogether([() => { throw new TypeError('a fault of ours'); }])).toThrow(TypeError);
});

test('fees are those of the kind of market; the most particular of the configured ones wins', () => {
  const own = { spot: { maker: '0.0008', taker: '0.001' }, derivative: { maker: '0.0002', taker: '0.0005' } };
  const venues = new Map([['okx', { id: 'okx', fees: own }], ['kraken', { id: 'kraken', fees: { spot: own.spot } }]]);
  expect(feesOf(venues)).toEqual({
    takerFees: { okx: { spot: '0.001', derivative: '0.0005' }, kraken: { spot: '0.001', derivative: '0.001' } },
    makerFees: { okx: { spot: '0.0008', derivative: '0.0002' }, kraken: { spot: '0.0008', derivative: '0.0008' } },
  });
  expect(feesOf(venues, { okx: '0.1', '*:derivative': '0.2', '*': '0.3' }).takerFees).toEqual({
    okx: { spot: '0.1', derivative: '0.1' }, kraken: { spot: '0.3', derivative: '0.2' },
  });
  expect(feesOf(venues, { 'okx:spot': '0', okx: '0.1' }).takerFees.okx).toEqual({ spot: '0', derivative: '0.1' });
});

describe('secrets', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'parallax-config-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('come from the environment or a file, without the newline at its end', () => {
    const file = join(folder, 'key');
    writeFileSync(file, 'hunter2\n');
    expect(readConfiguration({ PARALLAX_API_KEY_FILE: file }, ['PARALLAX_API_KEY']).PARALLAX_API_KEY).toBe('hunter2');
    expect(readConfiguration({ PARALLAX_API_KEY: 'abc' }, ['PARALLAX_API_KEY']).PARALLAX_API_KEY).toBe('abc');
  });

  test('a file that is missing or empty, or given beside the value, is refused without showing the secret', () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    const read = (environment: Record<string, string>): string =>
      refusalOf(() => readConfiguration(environment, ['PARALLAX_API_KEY'])).message;
    expect(read({ PARALLAX_API_KEY_FILE: join(folder, 'none') })).toMatch(/cannot be read \(ENOENT\)/);
    expect(read({ PARALLAX_API_KEY_FILE: empty })).toMatch(/is empty/);
    expect(read({ PARALLAX_API_KEY: 'hunter2', PARALLAX_API_KEY_FILE: empty })).toMatch(/both set/);
    expect(read({ PARALLAX_API_KEY: 'hunter2', PARALLAX_API_KEY_FILE: empty })).not.toContain('hunter2');
  });

  test('an API key that no request could carry is refused without showing it', () => {
    const read = (key: string): unknown => readConfiguration({ PARALLAX_API_KEY: key }, ['PARALLAX_API_KEY']).PARALLAX_API_KEY;
    expect(read('a key of ü and /+?\r\n another')).toBe('a key of ü and /+?\r\n another');
    for (const key of ['schlüssel-\u{1f511}', 'ключ-из-букв', 'a\u0000b', 'a\u0085b']) {
      const { message } = refusalOf(() => read(key));
      expect(message).toBe('PARALLAX_API_KEY must be text of Latin-1 characters, which an HTTP header can carry, not what was given');
    }
  });

  test('inside an address are not shown either', () => {
    const environment = { REDIS_URL: 'http://:hunter2@host', NATS_URL: 'nats://a:4222,http://user:1,hunter2@host:4222' };
    const { message } = refusalOf(() => readConfiguration(environment, ['REDIS_URL', 'NATS_URL']));
    expect(message).toContain('REDIS_URL must be address `redis://…` or `rediss://…`, not what was given');
    expect(message).toContain('"nats://…@host:4222"');
    expect(message).not.toContain('hunter2');
  });

  test('are not shown', () => {
    const configuration = readConfiguration({ PARALLAX_API_KEY: 'hunter2' }, ['PARALLAX_API_KEY', 'NATS_RISK_PASSWORD', 'PORT']);
    expect(describeConfiguration(configuration)).toEqual({ PARALLAX_API_KEY: 'set, not shown', NATS_RISK_PASSWORD: 'not set', PORT: 8080 });
  });
});

test('docs/environment.md is current (node tools/write-environment.mjs)', () => {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
  expect(readFileSync(join(root, 'docs/environment.md'), 'utf8')).toBe(environmentDocument());
});

test('faults of paper venues: what is left out is none, and what cannot be is refused', () => {
  const read = (text: string): unknown => readConfiguration({ PAPER_FAULTS: text }, ['PAPER_FAULTS']).PAPER_FAULTS;
  expect(readConfiguration({}, ['PAPER_FAULTS']).PAPER_FAULTS).toBeUndefined();
  expect(read('refused=0.1')).toEqual({ seed: '1', refused: 0.1, unfilled: 0, partial: 0, latencyUs: [0, 0] });
  expect(read('seed=a-7, refused=.25,unfilled=0.25,partial=0.5,latency=5-50')).toEqual({ seed: 'a-7', refused: 0.25, unfilled: 0.25, partial: 0.5, latencyUs: [5_000, 50_000] });
  expect(read('latency=20')).toMatchObject({ latencyUs: [20_000, 20_000] });
  for (const bad of ['refused', 'refused=2', 'refused=-0.1', 'refused=0.6,partial=0.5', 'latency=50-5', 'latency=5ms', 'seed=a b', 'seed=', 'refused=0.1,refused=0.2', 'lost=0.1', ',']) {
    expect(() => read(bad)).toThrow(expect.objectContaining({ code: 'CONFIG_REFUSED' }));
  }
});
