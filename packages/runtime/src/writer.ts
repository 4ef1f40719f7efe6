import { DEFAULT_LEASE_TIMES, LeaseRunner, readIdentity, type LeaseCounters, type LeaseTimes } from '@parallax/bus';
import { ParallaxError } from '@parallax/types';
import { BUCKETS, BUS_IDENTITY } from '@parallax/wire';
import { DoubtLog } from './doubt-log.js';
import { failedOf, repeat, type ServiceContext } from './service.js';

/**
 * `shared`: one of several instances writes, by a lease in shared state. `alone`: this is the only one, under a fixed epoch
 * that it never loses; for replays, in which time jumps and a lease would be in doubt for no reason.
 */
export type WriterMode = 'shared' | 'alone';

/** How often who does not act looks whether the bus is still the same. */
const IDENTITY_MS = 10_000;
/** Epoch of an instance that is alone. */
const ALONE = 1;

/** Says under which epoch this instance may write now: asked before each act. */
export interface Writer {
  /** Null while another may write, or nobody knows. */
  actingEpoch(): number | null;
  /** What keeps it from writing now, in a sentence for people; null while it may, or waits for another that does. */
  obstacle(): string | null;
  /** Identity of the bus that grants the epochs. */
  readonly grantedBy: string;
  /** How well the lease is held; nothing without one. */
  readonly counters: Readonly<Partial<LeaseCounters>>;
  /** Gives the lease back. */
  stop(): Promise<void>;
}

export interface WriterSink {
  /** `grantedBy` is the identity of the bus that granted it. */
  onGranted(epoch: number, grantedBy: string): void;
  onLost(): void;
}

/**
 * Stands for the lease of `role`, or takes the one epoch of an instance that is alone. A role is a service's name, or begins
 * with it (`paper.okx`): services may write the keys under their own name. Where the bus lost its state and was provisioned anew,
 * nobody from before acts on it, as no epoch of it can be compared with theirs: then it is told that a restart is needed.
 * @throws ParallaxError `SERVICE_MISSING` where the bus has not been provisioned.
 */
export async function startWriter(
  context: ServiceContext, role: string, mode: WriterMode, sink: WriterSink, times: LeaseTimes = DEFAULT_LEASE_TIMES,
): Promise<Writer> {
  const { bus, clock, timers, random, instance } = context;
  const grantedBy = await readIdentity(bus, BUS_IDENTITY);
  if (mode === 'alone') {
    sink.onGranted(ALONE, grantedBy);
    return { actingEpoch: () => ALONE, obstacle: () => null, grantedBy, counters: {}, stop: async () => sink.onLost() };
  }
  const doubts = new DoubtLog(role, context, () => runner.failure);
  const runner: LeaseRunner = await LeaseRunner.start({
    bucket: bus.state(BUCKETS.leases),
    key: `${role}.writer`,
    holder: `${instance}-${random.id(8)}`,
    times,
    ports: { clock, timers, random },
    sink: {
      onGranted: (epoch) => sink.onGranted(epoch, grantedBy),
      onLost: (epoch) => {
        doubts.lose(epoch);
        sink.onLost();
      },
      onDoubt: (epoch) => doubts.begin(epoch),
      onConfirmed: (epoch) => doubts.end(epoch),
    },
  });
  const stopLooking = repeat(timers, IDENTITY_MS, () => void tellAnotherBus(context, role, grantedBy, runner));
  const stop = (): Promise<void> => {
    stopLooking();
    doubts.stop();
    return runner.stop();
  };
  return { actingEpoch: () => runner.actingEpoch(), obstacle: () => obstacleOf(role, runner), grantedBy, counters: runner.counters, stop };
}

function obstacleOf(role: string, runner: LeaseRunner): string | null {
  if (runner.actingEpoch() !== null) return null;
  if (runner.failure !== null) return `the lease of ${role} cannot be ${runner.isHeld ? 'renewed' : 'taken'}: ${runner.failure}`;
  return runner.isHeld ? `the lease of ${role} cannot be renewed in time` : null;
}

async function tellAnotherBus(context: ServiceContext, role: string, known: string, runner: LeaseRunner): Promise<void> {
  if (runner.actingEpoch() !== null) return;
  // A bus that is away, or not provisioned again yet, says nothing of which one it is.
  const now = await readIdentity(context.bus, BUS_IDENTITY).catch(() => known);
  if (now === known) return;
  const reason = `the bus is another than at the start (${now}, not ${known}): its state was lost and made anew. Restart this service`;
  failedOf(context)(new ParallaxError('STATE_CONFLICT', reason), `the lease of ${role}`);
}
