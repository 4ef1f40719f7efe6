// Run by memory-durability.spec.ts in a process of its own that is killed: appends, and says what was safe.
import { once } from 'node:events';
import { createMemoryBus } from '@parallax/bus';

const [directory, topology] = [process.argv[2], JSON.parse(process.argv[3])];
const bus = await createMemoryBus(topology, { directory });
const facts = bus.state('facts');
const bytes = new Uint8Array(200).fill(7);
// Each of the appenders may wait for a reader that is slow.
process.stdout.setMaxListeners(0);
const say = async (line) => {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
};
let next = Number(process.argv[4]);
const append = async () => {
  for (;;) {
    const id = `id-${next++}`;
    const group = next % 3;
    const { sequence } = await bus.streams.append(`job.kill.${group}`, bytes, { id });
    await say(`append ${sequence} ${id}`);
    const revision = await facts.put(`kill.${group}`, Buffer.from(id));
    await say(`put ${revision} ${id}`);
  }
};
await Promise.all(Array.from({ length: 16 }, append));
