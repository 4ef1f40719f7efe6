import type { DurableSubscription, LeaseTimes } from '@parallax/bus';
import type { ExecutionOptions } from '@parallax/execution';
import {
  followInstruments, healthOf, latencyOf, MarketFeed, repeat, standingBy, startWriter, type Service, type ServiceContext, type Writer, type WriterMode,
} from '@parallax/runtime';
import { Column, InstrumentTable, isInDoubt, type LeaseEpoch, type ServiceHealth, type VenueDoor } from '@parallax/types';
import { BUCKETS, CONSUMERS, encodeJson, STREAMS, subjects } from '@parallax/wire';
import { AccountHalts } from './account-halts.js';
import { ExecutionEngine } from './engine.js';
import { troublesOfPast } from './past-strangers.js';
import { troublesOf } from './searching-plans.js';
import type { StepListener } from './steps.js';

const WAKE_MS = 20;
const HEALTH_MS = 1_000;
const CHECKPOINT_MS = 60_000;
/** Where the state cannot be rebuilt, it is tried again after so long. */
const REBUILD_AGAIN_MS = 1_000;
const NOT_REBUILT = 'its state is not rebuilt yet';

export interface ExecutionExtras {
  readonly leaseTimes?: LeaseTimes;
  /** Left out: `shared`. */
  readonly writer?: WriterMode;
  /** Left out: once a minute. One that is alone, as in a replay, begins with nothing and keeps none. */
  readonly checkpointEveryMs?: number;
  /** Told of every step; for tests that stop the process there. */
  readonly reached?: StepListener;
}

/**
 * The shell of execution: approvals in; orders, fills and results into their streams; requests out through the doors. It
 * acts only while it holds the lease, each time with a core rebuilt from the streams. One writer for every account: the
 * approvals of all come through one consumer.
 */
export class ExecutionService implements Service {
  readonly name = 'execution' as const;
  private readonly instruments = new InstrumentTable();
  private readonly halts: AccountHalts;
  private readonly feed: MarketFeed;
  private readonly stops: (() => void)[] = [];
  private engine: ExecutionEngine | null = null;
  private granted: number | null = null;
  private consumer: DurableSubscription | null = null;
  private writer: Writer | null = null;
  private changing: Promise<void> = Promise.resolve();
  private heardRiskAtUs: number | null = null;
  /** What of its state is missing while it is granted and does not act. */
  private notRebuilt = NOT_REBUILT;
  private clockInDoubt = false;
  private startedAtUs = 0;
  private actsSinceUs = 0;

  constructor(
    private readonly context: ServiceContext,
    private readonly options: ExecutionOptions,
    private readonly doors: readonly VenueDoor[],
    private readonly extras: ExecutionExtras = {},
  ) {
    const { bus, clock, timers, log } = context;
    this.feed = new MarketFeed(bus, this.instruments, clock);
    this.halts = new AccountHalts(bus.state(BUCKETS.halt), clock, timers, log, (account, record) => {
      this.engine?.core.onHalt(account, record, clock.nowUs());
    }, async (entry) => void (await bus.streams.append(subjects.audit(), encodeJson(entry), { id: entry.id })));
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    await this.halts.start();
    const alive = bus.subscribe(subjects.riskAlive(), () => {
      this.heardRiskAtUs = clock.nowUs();
      this.engine?.core.onRiskAlive(clock.nowUs());
    });
    const toTaken = latencyOf(this.context, 'received-to-taken');
    const quotes = this.feed.quotes((instrument, row) => {
      toTaken.record(row[Column.receivedAtUs], clock.nowUs());
      this.engine?.core.onQuote(instrument, row);
    });
    this.writer = await startWriter(this.context, this.name, this.extras.writer ?? 'shared', {
      onGranted: (epoch, grantedBy) => {
        this.granted = epoch;
        this.change(() => this.begin({ epoch, grantedBy }));
      },
      onLost: () => {
        this.granted = null;
        this.change(() => this.end());
      },
    }, this.extras.leaseTimes);
    this.stops.push(
      () => this.halts.stop(),
      () => alive.unsubscribe(),
      () => quotes.unsubscribe(),
      repeat(timers, WAKE_MS, () => this.wake()),
      repeat(timers, this.extras.checkpointEveryMs ?? CHECKPOINT_MS, () => this.engine?.saveCheckpoint()),
      repeat(timers, HEALTH_MS, () => {
        bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
        this.engine?.tellStanding();
      }),
    );
  }

  /** Takes no new approval, lets what is being stored be stored, gives the lease back. */
  async stop(): Promise<void> {
    await this.consumer?.stop();
    await this.engine?.writer.settled();
    await this.writer?.stop();
    this.change(() => this.end());
    await this.changing;
    for (const stop of this.stops.splice(0)) stop();
    await this.context.bus.flush();
  }

  /** Ready while it holds the lease, has rebuilt its state, hears risk, and a venue's door answers; plans wait for the doors of their own legs. */
  health(): ServiceHealth {
    const { engine } = this;
    const missing: string[] = [];
    const degraded: string[] = [];
    const obstacle = this.writer?.obstacle() ?? null;
    if (obstacle !== null) missing.push(obstacle);
    if (this.granted !== null && !engine) missing.push(this.notRebuilt);
    if (this.heardRiskAtUs === null || this.context.clock.nowUs() - this.heardRiskAtUs > this.options.riskSilenceUs) {
      // A stand-by takes the lease all the same: exits go on without risk.
      (engine ? missing : degraded).push('risk is silent');
    }
    missing.push(...(engine?.missing() ?? []));
    degraded.push(...(engine?.degraded() ?? []));
    const counters = engine
      ? {
          ...engine.counters, ...engine.core.counters, running: engine.core.running, duplicates: engine.core.duplicates, resent: engine.core.resent,
          illegal: engine.core.orders.illegal, inconsistent: engine.core.orders.inconsistent, lateFills: engine.core.orders.lateFills,
          dust: engine.core.dust().length, retries: engine.writer.retries,
        }
      : {};
    // One instance tells what stands, the one that acts.
    const troubles = engine
      ? [...engine.troubles(), ...this.halts.troubles(), ...troublesOf(engine.core.searching()), ...troublesOfPast(engine.core.pastStrangers())]
      : [];
    const kinds = new Set(this.doors.map((door) => door.orders));
    const [orders] = kinds.size === 1 ? kinds : [];
    const health = { ...healthOf(this.name, this.context, this.startedAtUs, missing, { ...counters, ...this.feed.counters, ...this.writer?.counters }, troubles, degraded), orders };
    return engine ? { ...health, actsSinceUs: this.actsSinceUs } : standingBy(health);
  }

  /** One change at a time: a lease may come and go while state is being rebuilt. */
  private change(step: () => Promise<void>): void {
    this.changing = this.changing.then(step).catch((error: Error) => {
      this.context.log.error('execution could not take or leave its work', { error: error.message });
    });
  }

  private async begin(lease: LeaseEpoch): Promise<void> {
    const { epoch } = lease;
    if (this.granted !== epoch) return;
    const { bus, clock, timers, log } = this.context;
    const { reached = () => {} } = this.extras;
    const grant = { ...lease, acting: () => this.writer?.actingEpoch() === epoch };
    const listener = { reached, haltAccount: this.halts.halt.bind(this.halts) };
    const engine = new ExecutionEngine(this.context, this.instruments, this.options, this.doors, grant, listener, this.extras.writer !== 'alone');
    try {
      await engine.rebuild();
      if (this.granted !== epoch) return;
      this.engine = engine;
      this.actsSinceUs = clock.nowUs();
      this.notRebuilt = NOT_REBUILT;
      this.clockInDoubt = isInDoubt(clock);
      engine.core.onClock(this.clockInDoubt, clock.nowUs());
      if (this.heardRiskAtUs !== null) engine.core.onRiskAlive(this.heardRiskAtUs);
      for (const [account, record] of this.halts.records) engine.core.onHalt(account, record, clock.nowUs());
      engine.start();
      this.consumer = await bus.streams.consume(STREAMS.approved, CONSUMERS.executionApproved, (message) => engine.onApproval(message));
      log.info('execution acts', { epoch });
    } catch (error) {
      this.notRebuilt = `its state cannot be rebuilt: ${(error as Error).message}`;
      await this.end();
      timers.after(REBUILD_AGAIN_MS, () => this.change(() => this.begin(lease)));
      throw error;
    }
  }

  private async end(): Promise<void> {
    this.engine?.end();
    this.engine = null;
    await this.consumer?.stop();
    this.consumer = null;
  }

  private wake(): void {
    const { clock } = this.context;
    const nowUs = clock.nowUs();
    const inDoubt = isInDoubt(clock);
    if (inDoubt !== this.clockInDoubt) {
      this.clockInDoubt = inDoubt;
      this.engine?.core.onClock(inDoubt, nowUs);
    }
    if (this.engine && nowUs >= this.engine.core.wakeAtUs) this.engine.core.onWake(nowUs);
  }
}
