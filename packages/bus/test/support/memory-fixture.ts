import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from '../../src/index.js';
import type { OpenFixture } from './fixture.js';

export const openMemory: OpenFixture = async (topology, options = {}) => {
  const directory = options.durable === true ? await mkdtemp(join(tmpdir(), 'parallax-bus-')) : undefined;
  const create = (): ReturnType<typeof createMemoryBus> => createMemoryBus(topology, { directory, onFault: () => {} });
  let root = await create();
  return {
    transport: 'memory',
    bus: async (user) => root.as(user),
    restart: async () => {
      await root.drain();
      root = await create();
    },
    close: async () => {
      await root.drain();
      if (directory !== undefined) await rm(directory, { recursive: true });
    },
  };
};
