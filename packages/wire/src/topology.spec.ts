import { expect, test } from '@jest/globals';
import { STREAMS, TOPOLOGY } from './topology.js';

test('fills outlast every other stream: risk and execution know positions and balances from them alone', () => {
  const ages = new Map(TOPOLOGY.streams.map(({ name, maximumAgeMs }) => [name, maximumAgeMs]));
  const fills = ages.get(STREAMS.fills)!;
  for (const [name, age] of ages) if (name !== STREAMS.fills) expect(age).toBeLessThan(fills);
  // The server is told nanoseconds, as a number.
  for (const age of ages.values()) expect(Number(BigInt(age) * 1_000_000n)).toBe(age * 1_000_000);
  expect(BigInt(fills * 1_000_000)).toBe(BigInt(fills) * 1_000_000n);
});
