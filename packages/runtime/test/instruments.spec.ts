import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { InstrumentTable, type InstrumentSpecification } from '@parallax/types';
import { BUCKETS, decodeJson, instrumentSpecificationSchema, TOPOLOGY } from '@parallax/wire';
import { followInstruments, publishInstruments } from '../src/index.js';

const specification: InstrumentSpecification = {
  venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT', settle: 'USDT', kind: 'spot', inverse: false,
  contractSize: '1', priceScale: 2, sizeScale: 5, priceStep: 1, sizeStep: 1, minimumSize: 1, minimumNotional: '5',
  status: 'trading', version: 1, source: 'listing',
};
const log = { info: () => {}, warn: () => {}, error: () => {} };

test('a listing that changes a scale or step gets the next version; one that changes nothing of them keeps its own', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const bus = root.as('ingestion');
  const table = new InstrumentTable();
  const stop = await followInstruments(root.as('normalisation'), table, log);
  const standing = (symbol = 'BTC/USDT'): InstrumentSpecification | null => {
    const found = table.find('binance', symbol);
    return found < 0 ? null : table.get(found);
  };
  let others = 0;
  /** Resolves once all that was published so far has been heard. */
  const caughtUp = async (): Promise<void> => {
    const symbol = `OTHER${++others}/USDT`;
    await publishInstruments(bus, [{ ...specification, symbol }]);
    await until(() => standing(symbol));
  };
  await publishInstruments(bus, [specification]);
  await until(() => standing()?.version === 1);
  expect(standing()).toMatchObject({ version: 1, priceScale: 2 });
  await publishInstruments(bus, [{ ...specification, status: 'halted' }]);
  await until(() => standing()?.status === 'halted');
  expect(standing()).toMatchObject({ version: 1 });
  await publishInstruments(bus, [{ ...specification, priceScale: 4, priceStep: 100 }]);
  await until(() => standing()?.version === 2);
  expect(standing()).toMatchObject({ priceScale: 4 });
  // A replica that still reads version 1 from the same listing does not set it back.
  await publishInstruments(bus, [{ ...specification, priceScale: 4, priceStep: 100 }]);
  await caughtUp();
  expect(standing()).toMatchObject({ version: 2 });
  // A step that grows is a new version; the scale stays, for the orders that stand at finer prices.
  await publishInstruments(bus, [specification]);
  await caughtUp();
  expect(standing()).toMatchObject({ version: 2, priceScale: 4, priceStep: 100, minimumSize: 1 });
  await publishInstruments(bus, [{ ...specification, priceScale: 1, sizeScale: 3 }]);
  await until(() => standing()?.version === 3);
  expect(standing()).toMatchObject({ priceScale: 4, priceStep: 1_000, sizeScale: 5, sizeStep: 100, minimumSize: 100 });
  // Another contract under the same symbol: what was told of the one before is not of it.
  await publishInstruments(bus, [{ ...specification, priceScale: 1, sizeScale: 3, venueSymbol: 'ITS-HEIR' }]);
  await until(() => standing()?.venueSymbol === 'ITS-HEIR');
  expect(standing()).toMatchObject({ version: 4, priceScale: 4 });
  stop();
  await root.drain();
});

test('two that read other scales at the same moment each get a version of their own: none means two things', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const table = new InstrumentTable();
  const versions = new Map<number, InstrumentSpecification>();
  const watch = await root.as('normalisation').state(BUCKETS.instruments).watch('>', ({ bytes }) => {
    const told = decodeJson(instrumentSpecificationSchema, bytes!);
    expect(versions.get(told.version) ?? told).toEqual(told);
    versions.set(told.version, told);
    table.add(told);
  });
  await publishInstruments(root.as('ingestion'), [specification]);
  await Promise.all([3, 4].map((priceScale) => publishInstruments(root.as('ingestion'), [{ ...specification, priceScale }])));
  await until(() => versions.has(3), 'both were told');
  expect(table.get(0)).toMatchObject({ version: 3, priceScale: 4 });
  watch.stop();
  await root.drain();
});
