import { expect, test } from '@jest/globals';
import { covers } from '@parallax/bus';
import { MARKET_ROW_NAMES, MARKET_ROWS } from '@parallax/types';
import { marketPattern } from './subjects.js';
import { BUS_IDENTITY, STREAMS, TOPOLOGY } from './topology.js';

test('fills outlast every other stream: risk and execution know positions and balances from them alone', () => {
  const ages = new Map(TOPOLOGY.streams.map(({ name, maximumAgeMs }) => [name, maximumAgeMs]));
  const fills = ages.get(STREAMS.fills)!;
  for (const [name, age] of ages) if (name !== STREAMS.fills) expect(age).toBeLessThan(fills);
  // The server is told nanoseconds, as a number.
  for (const age of ages.values()) expect(Number(BigInt(age) * 1_000_000n)).toBe(age * 1_000_000);
  expect(BigInt(fills * 1_000_000)).toBe(BigInt(fills) * 1_000_000n);
});

test('no service may write the identity of the bus, and whoever holds leases may read it', () => {
  const { bucket, key } = BUS_IDENTITY;
  for (const { writeBuckets, readBuckets } of TOPOLOGY.users) {
    const own = writeBuckets.filter((one) => one.bucket === bucket);
    expect(own.some(({ keys }) => covers(keys, key))).toBe(false);
    if (own.length > 0) expect(readBuckets).toContain(bucket);
  }
});

test('each kind of market row may be read by the services of its line in the table alone, and written by normalisation alone', () => {
  for (const name of MARKET_ROW_NAMES) {
    const of = (key: 'publish' | 'subscribe'): string[] =>
      TOPOLOGY.users.filter((user) => user[key].some((pattern) => covers(pattern, marketPattern(name)))).map((user) => user.name);
    expect(of('subscribe').toSorted()).toEqual(MARKET_ROWS[name].readBy.toSorted());
    expect(of('publish')).toEqual(['normalisation']);
  }
});
