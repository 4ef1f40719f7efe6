// Run by memory-durability.spec.ts in a process of its own that is killed: appends, and says what was safe.
import { writeSync } from 'node:fs';
import { createMemoryBus } from '@parallax/bus';

const [directory, topology] = [process.argv[2], JSON.parse(process.argv[3])];
const bus = await createMemoryBus(topology, { directory });
const facts = bus.state('facts');
const bytes = new Uint8Array(200).fill(7);
let next = Number(process.argv[4]);
const append = async () => {
  for (;;) {
    const id = `id-${next++}`;
    const group = next % 3;
    const { sequence } = await bus.streams.append(`job.kill.${group}`, bytes, { id });
    writeSync(1, `append ${sequence} ${id}\n`);
    const revision = await facts.put(`kill.${group}`, Buffer.from(id));
    writeSync(1, `put ${revision} ${id}\n`);
  }
};
await Promise.all(Array.from({ length: 16 }, append));
