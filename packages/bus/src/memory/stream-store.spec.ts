import { expect, test } from '@jest/globals';
import type { RecordStore } from './records.js';
import { StreamStore } from './stream-store.js';

const DEFINITION = {
  name: 'S',
  subjects: ['s.>'],
  duplicateWindowMs: 1_000,
  maximumAgeMs: 1e6,
  maximumBytes: 1e6,
  consumers: [],
};

/** A store whose writes end when the test says so. */
function slowStore(): { records: RecordStore; finish: ((error?: Error) => void)[] } {
  const finish: ((error?: Error) => void)[] = [];
  return {
    finish,
    records: {
      recover: async () => ({ firstSequence: 1, lastSequence: 0, bytes: 0, subjects: new Map(), recent: [] }),
      append: () =>
        new Promise((resolve, reject) => {
          finish.push((error) => (error === undefined ? resolve() : reject(error)));
        }),
      check: () => {},
      read: async () => [],
      remove: async () => {},
    },
  };
}

test('an append, and its repeat, resolve no sooner than the write; until then nobody may read it', async () => {
  const { records, finish } = slowStore();
  const store = await StreamStore.open(DEFINITION, records, { nowUs: () => 0 });
  const resolved: string[] = [];
  const append = store.append('s.a', new Uint8Array(1), { id: 'x' }).then(() => resolved.push('first'));
  const repeat = store.append('s.a', new Uint8Array(1), { id: 'x' }).then(({ duplicate }) => resolved.push(`repeat ${duplicate}`));
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toEqual([]);
  expect(store.committed).toBe(0);
  finish[0]();
  await Promise.all([append, repeat]);
  expect(resolved.toSorted()).toEqual(['first', 'repeat true']);
  expect(store.committed).toBe(1);
});

test('a write that fails is told, with an unknown outcome', async () => {
  const { records, finish } = slowStore();
  const store = await StreamStore.open(DEFINITION, records, { nowUs: () => 0 });
  const append = store.append('s.a', new Uint8Array(1), { id: 'x' });
  finish[0](new Error('the disk is full'));
  await expect(append).rejects.toMatchObject({ code: 'STORE_FAILED', outcomeUnknown: true });
  expect(store.committed).toBe(0);
});
