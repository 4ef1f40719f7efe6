import { DEFAULT_LEASE_TIMES, LeaseRunner, type LeaseCounters, type LeaseTimes } from '@parallax/bus';
import type { ServiceName } from '@parallax/types';
import { BUCKETS } from '@parallax/wire';
import type { ServiceContext } from './service.js';

/**
 * `shared`: one of several instances writes, by a lease in shared state. `alone`: this is the only one, under a fixed epoch
 * that it never loses; for replays, in which time jumps and a lease would be in doubt for no reason.
 */
export type WriterMode = 'shared' | 'alone';

/** Epoch of an instance that is alone. */
const ALONE = 1;

/** Says under which epoch this instance may write now: asked before each act. */
export interface Writer {
  /** Null while another may write, or nobody knows. */
  actingEpoch(): number | null;
  /** How well the lease is held; nothing without one. */
  readonly counters: Readonly<Partial<LeaseCounters>>;
  /** Gives the lease back. */
  stop(): Promise<void>;
}

export interface WriterSink {
  onGranted(epoch: number): void;
  onLost(): void;
}

/** Stands for the service's one lease, or takes the one epoch of an instance that is alone. */
export async function startWriter(
  context: ServiceContext, service: ServiceName, mode: WriterMode, { onGranted, onLost }: WriterSink, times: LeaseTimes = DEFAULT_LEASE_TIMES,
): Promise<Writer> {
  if (mode === 'alone') {
    onGranted(ALONE);
    return { actingEpoch: () => ALONE, counters: {}, stop: async () => onLost() };
  }
  const { bus, clock, timers, random, instance, log } = context;
  return LeaseRunner.start({
    bucket: bus.state(BUCKETS.leases),
    // Services may write the keys under their own name.
    key: `${service}.writer`,
    holder: `${instance}-${random.id(8)}`,
    times,
    ports: { clock, timers, random },
    sink: {
      onGranted,
      onLost,
      onDoubt: (epoch) => log.warn(`the lease of ${service} could not be renewed in time; it writes nothing new`, { epoch }),
      onConfirmed: (epoch) => log.info(`the lease of ${service} is confirmed again`, { epoch }),
    },
  });
}
