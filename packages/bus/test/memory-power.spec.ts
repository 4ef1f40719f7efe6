import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import { createMemoryBus, type MemoryBusOptions, type Topology } from '../src/index.js';

const TOPOLOGY: Topology = {
  streams: [{ name: 'JOBS', subjects: ['job.>'], duplicateWindowMs: 60_000, maximumAgeMs: 3_600_000, maximumBytes: 2 ** 20, consumers: [] }],
  buckets: [{ name: 'facts', history: 1 }], users: [],
};
const { batch } = ClassicLevel.prototype;
/** What the database is told of its writes: `sync` makes LevelDB wait for the disk. */
let synchronised: boolean[];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parallax-power-'));
  synchronised = [];
  ClassicLevel.prototype.batch = function (this: ClassicLevel, ...given: unknown[]) {
    synchronised.push((given[1] as { sync?: boolean } | undefined)?.sync === true);
    return (batch as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof batch;
});
afterEach(async () => {
  ClassicLevel.prototype.batch = batch;
  await rm(directory, { recursive: true, force: true });
});

test.each<[MemoryBusOptions['durability'], boolean]>([['power', true], ['process', false], [undefined, false]])(
  'with durability %s each write waits for the disk: %s',
  async (durability, waits) => {
    const bus = await createMemoryBus(TOPOLOGY, { directory, ...(durability && { durability }) });
    await bus.streams.append('job.a', new Uint8Array(8), { id: 'a' });
    await bus.state('facts').put('key', new Uint8Array(8));
    await bus.drain();
    expect(synchronised.length).toBeGreaterThanOrEqual(2);
    expect(new Set(synchronised)).toEqual(new Set([waits]));
  },
);
