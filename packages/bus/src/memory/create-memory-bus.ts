import { reportFault, type FaultListener } from '../fault-feed.js';
import { systemPorts } from '../system-ports.js';
import type { BusPorts } from '../system-ports.js';
import type { Topology } from '../topology.js';
import { Rights } from '../rights.js';
import { MemoryHub } from './hub.js';
import { openLevelStorage } from './level-storage.js';
import { MemoryBus } from './memory-bus.js';
import { volatileStorage } from './volatile-storage.js';

export interface MemoryBusOptions {
  /** Where streams and state are kept; without it they end with the process. One process at a time may have it. */
  readonly directory?: string;
  /**
   * `process`: what is appended survives the death of this process; `power`: the machine's as well, at the price of one
   * disk synchronisation per batch of writes. Default `process`.
   */
  readonly durability?: 'process' | 'power';
  readonly ports?: Partial<BusPorts>;
  /** Told of faults of those who do not listen themselves ({@link Bus.onFault}); default: a line on stderr. */
  readonly onFault?: FaultListener;
}

/**
 * The bus within one process. The returned bus may do everything; `as(user)` gives the same bus with one user's rights.
 * @throws ParallaxError `STORE_FAILED` when the directory cannot be used.
 */
export async function createMemoryBus(topology: Topology, options: MemoryBusOptions = {}): Promise<MemoryBus> {
  const ports = { ...systemPorts(), ...options.ports };
  const storage =
    options.directory === undefined
      ? volatileStorage()
      : await openLevelStorage(options.directory, options.durability === 'power', ports.timers);
  const hub = await MemoryHub.open(topology, ports, storage, options.onFault ?? reportFault);
  return new MemoryBus(hub, new Rights(null), true);
}
