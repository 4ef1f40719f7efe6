import { LeaseRunner, type Bus, type LeaseCounters } from '@parallax/bus';
import type { ServiceContext } from '@parallax/runtime';
import { BUCKETS } from '@parallax/wire';

const SERVICE = 'risk';
/** Key of the lease; services may write the keys under their own name. */
const KEY = `${SERVICE}.writer`;
/** Epoch of an instance that is alone by configuration. */
const ALONE = 1;

/** Says under which epoch this instance may judge: risk has one writer. */
export interface Writer {
  actingEpoch(): number | null;
  /** How well the lease is held; nothing without one. */
  readonly counters: Readonly<Partial<LeaseCounters>>;
  stop(): Promise<void>;
}

/** Stands for the lease, or takes the one epoch of an instance that is alone. */
export async function startWriter(
  context: ServiceContext & { bus: Bus }, mode: 'shared' | 'alone', onGranted: () => void, onLost: () => void,
): Promise<Writer> {
  if (mode === 'alone') {
    onGranted();
    return { actingEpoch: () => ALONE, counters: {}, stop: async () => onLost() };
  }
  const { bus, clock, timers, random, instance, log } = context;
  return LeaseRunner.start({
    bucket: bus.state(BUCKETS.leases),
    key: KEY,
    holder: `${instance}-${random.id(6)}`,
    ports: { clock, timers, random },
    sink: {
      onGranted,
      onLost,
      onDoubt: (epoch) => log.warn('the lease of risk could not be renewed; nothing is judged', { epoch }),
      onConfirmed: (epoch) => log.info('the lease of risk is confirmed again', { epoch }),
    },
  });
}
