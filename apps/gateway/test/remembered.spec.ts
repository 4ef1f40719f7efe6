import { afterEach, expect, test } from '@jest/globals';
import type { MemoryBus } from '@parallax/bus';
import { MemoryLastValues } from '@parallax/cache';
import { until } from '@parallax/testing';
import { layoutOf, Quote, QUOTE_COLUMNS, RowKind, Trust, type RegimeEvent, type Row } from '@parallax/types';
import { bytesOfRow, encodeJson, subjects } from '@parallax/wire';
import type { GatewayService } from '../src/index.js';
import { MarketFeeder, specificationOf } from './market-feeder.js';
import { closeAll, makeBus, ports, startGateway } from './running-gateway.js';

afterEach(closeAll);

const HOUR_US = 3_600_000_000;
const okxEth = specificationOf('okx', 'ETH');

function quoteOf(bidPrice: number, receivedAtUs: number, more: Partial<Record<keyof typeof Quote, number>> = {}): Row {
  const row = new Float64Array(QUOTE_COLUMNS);
  const set = {
    layout: layoutOf(RowKind.quote), receivedAtUs, sequence: 900, epoch: 5, specificationVersion: 1, bidPrice, bidSize: 100_000,
    askPrice: bidPrice + 5, askSize: 200_000, trust: Trust.synced, changedAtUs: receivedAtUs, provenAtUs: receivedAtUs, ...more,
  };
  for (const [name, value] of Object.entries(set)) row[Quote[name as keyof typeof Quote]] = value;
  return row;
}

const regimeOf = (regime: RegimeEvent['regime'], atUs: number): RegimeEvent => ({
  venue: 'okx', symbol: 'ETH/USDT', base: 'ETH', horizon: '1m', regime, previous: null, confidence: 1, strength: 1, enteredAtUs: atUs,
  durationUs: 0, atUs, origin: { venue: 'okx', connection: 1, frame: 1, receivedAtUs: atUs },
});

const get = async (gateway: GatewayService, path: string): Promise<any> => (await fetch(gateway.address + path)).json();

async function listed(): Promise<MemoryBus> {
  const bus = await makeBus();
  await new MarketFeeder(bus, () => ports.clock.nowUs()).list();
  return bus;
}

test('a gateway that starts alone shows the market of before, marked and with its age; the first live quote takes its place', async () => {
  const bus = await listed();
  // An hour old by a clock that ran ahead: what is heard counts, whatever its time.
  const beforeUs = ports.clock.nowUs() + HOUR_US;
  const values = new MemoryLastValues();
  values.putQuote(okxEth, quoteOf(312_345, beforeUs));
  values.putRegime(regimeOf('HIGH_VOLATILITY', beforeUs));
  const gateway = await startGateway(bus, {}, values);

  const { data } = await get(gateway, '/api/v1/quotes');
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({
    venue: 'okx', symbol: 'ETH/USDT', bid: { price: '3123.45', size: '1.00000' }, ask: { price: '3123.50', size: '2.00000' },
    trust: 'stale', cause: 'remembered', receivedAtUs: beforeUs, changedAtUs: beforeUs, missed: 0,
  });
  expect((await get(gateway, '/api/v1/quotes?trust=synced')).data).toEqual([]);
  expect((await get(gateway, '/api/v1/regimes')).data).toMatchObject([{ regime: 'HIGH_VOLATILITY', remembered: true, known: false, stoodAtUs: null }]);
  const { missing } = await get(gateway, '/api/v1/health');
  expect(missing).toEqual(expect.arrayContaining(['normalisation', 'paper'].map((name) => `${name} is not there: not started, or ended`)));

  const nowUs = ports.clock.nowUs();
  bus.publish(subjects.market('quote', okxEth), bytesOfRow(quoteOf(320_000, nowUs, { sequence: 1, epoch: 0 }), QUOTE_COLUMNS));
  await bus.streams.append(subjects.regime('ETH', 'ETH/USDT'), encodeJson(regimeOf('NORMAL', nowUs)), { id: 'one' });
  await until(() => gateway.core.quote('okx', 'ETH/USDT')?.trust === 'synced');
  expect(gateway.core.quote('okx', 'ETH/USDT')).toMatchObject({ bid: { price: '3200.00' }, missed: 0, receivedAtUs: nowUs });
  const regimes = await until(async () => {
    const found = (await get(gateway, '/api/v1/regimes')).data;
    return found[0].regime === 'NORMAL' && found;
  });
  // A change may be old news of a service that is gone: only what is told to stand is known.
  expect(regimes).toMatchObject([{ remembered: false, known: false }]);
  expect((await get(gateway, '/api/v1/regimes?regime=NORMAL')).data).toEqual([]);
  bus.publish(subjects.standingRegime(okxEth), encodeJson(regimeOf('NORMAL', ports.clock.nowUs())));
  await until(async () => (await get(gateway, '/api/v1/regimes?regime=NORMAL')).data[0]?.known === true);
});

test('what was heard is never replaced by what is recalled later', async () => {
  const bus = await listed();
  const values = new MemoryLastValues();
  values.putQuote(okxEth, quoteOf(312_345, ports.clock.nowUs() + HOUR_US));
  values.putRegime(regimeOf('FLASH_CRASH', ports.clock.nowUs() + HOUR_US));
  const gateway = await startGateway(bus);
  bus.publish(subjects.market('quote', okxEth), bytesOfRow(quoteOf(320_000, ports.clock.nowUs()), QUOTE_COLUMNS));
  await until(() => gateway.core.quote('okx', 'ETH/USDT'));
  gateway.core.onRegime(regimeOf('NORMAL', 1), ports.clock.nowUs());
  const { quotes, regimes } = await values.recall();
  expect(quotes.map((quote) => gateway.core.onRememberedQuote(quote))).toEqual([false]);
  gateway.core.onRememberedRegime(regimes[0]);
  expect(gateway.core.quote('okx', 'ETH/USDT')).toMatchObject({ trust: 'synced', bid: { price: '3200.00' } });
  expect(gateway.core.collections.regime.values()).toMatchObject([{ regime: 'NORMAL', remembered: false }]);
});

test('quotes of an unknown instrument, another version or other scales are not shown', async () => {
  const bus = await listed();
  const values = new MemoryLastValues();
  values.putQuote(specificationOf('okx', 'XMR'), quoteOf(1, 1));
  values.putQuote(specificationOf('okx', 'ETH'), quoteOf(1, 1, { specificationVersion: 2 }));
  values.putQuote({ ...specificationOf('okx', 'BTC'), priceScale: 3 }, quoteOf(1, 1));
  values.putQuote({ ...specificationOf('okx', 'SOL'), sizeScale: 0 }, quoteOf(1, 1));
  values.putQuote(specificationOf('kraken', 'SOL'), quoteOf(15_000, 1));
  const gateway = await startGateway(bus, {}, values);
  expect(gateway.core.allQuotes().map(({ venue, symbol }) => `${venue} ${symbol}`)).toEqual(['kraken SOL/USDT']);
});
