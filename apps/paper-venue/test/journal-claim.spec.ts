import { beforeEach, expect, test } from '@jest/globals';
import { createMemoryBus, type StateBucket } from '@parallax/bus';
import { BUCKETS, TOPOLOGY } from '@parallax/wire';
import { JournalClaims } from '../src/journal-claim.js';

const KEY = 'paper.okx.journal';
const reachAt = (lines: number): { journal: string; chain: number; lines: number; checksum: string } => ({ journal: 'one', chain: 1, lines, checksum: `sum ${lines}` });
let bucket: StateBucket;
beforeEach(async () => {
  bucket = (await createMemoryBus(TOPOLOGY)).as('paper').state(BUCKETS.leases);
});
const claimed = async (from: StateBucket, instance = 'first'): Promise<JournalClaims> => {
  const claims = new JournalClaims(from, KEY, 'okx', []);
  await claims.least();
  await claims.claim({ ...reachAt(1), place: 'here', instance });
  return claims;
};
const least = (): Promise<unknown> => new JournalClaims(bucket, KEY, 'okx', []).least();

test('after a word whose answer was lost, the next ones are told all the same', async () => {
  let losing = false;
  const claims = await claimed({
    get: (key) => bucket.get(key), delete: (...given) => bucket.delete(...given), keys: (pattern) => bucket.keys(pattern), deleted: (pattern) => bucket.deleted(pattern), watch: (...given) => bucket.watch(...given),
    put: async (...given) => {
      const revision = await bucket.put(...given);
      if (losing) throw new Error('no answer');
      return revision;
    },
  });
  losing = true;
  await claims.note(reachAt(2));
  losing = false;
  await claims.note(reachAt(3));
  expect(await least()).toMatchObject(reachAt(3));
});

test('who has the journal by now is not overwritten by who had it before', async () => {
  const claims = await claimed(bucket);
  await claimed(bucket, 'second');
  for (const lines of [5, 6]) await claims.note(reachAt(lines));
  expect(await least()).toMatchObject({ instance: 'second', ...reachAt(1) });
});
