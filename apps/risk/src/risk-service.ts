import type { DurableMessage, DurableSubscription, Subscription } from '@parallax/bus';
import { type AccountReport, reportOf, RiskCore, StoppingLosses } from '@parallax/risk';
import { Flow, followInstruments, healthOf, latencyOf, MarketFeed, repeat, standingBy, startWriter, type Service, type Writer, WriterNames } from '@parallax/runtime';
import {
  type AuditEntry, Column, type HaltReply, type HaltRequest, InstrumentTable, isInDoubt, ParallaxError, REGIME_MAX_AGE_US, type RegimeEvent, type ResumeRequest, type RiskAlive,
  type ServiceHealth, type Trouble,
} from '@parallax/types';
import {
  BUCKETS, CONSUMERS, decodeJson, encodeJson, type LimitsReply, type LimitsRequest, patterns, refuseUnknownAccount, regimeEventSchema,
  STREAMS, subjects,
} from '@parallax/wire';
import { limitsOf, type RiskDependencies } from './configuration.js';
import { RiskCheckpoint } from './checkpoint.js';
import { HaltState } from './halt-state.js';
import { History } from './history.js';
import { Judge, NOT_WRITER_RETRY_MS } from './judge.js';
import { LimitsState } from './limits-state.js';

const WAKE_MS = 50;
const HEALTH_MS = 1_000;
/** Where the work could not be taken over, it is tried again after so long. */
const TAKE_OVER_AGAIN_MS = 1_000;
const NOT_REBUILT = 'positions and verdicts are not rebuilt yet';
const CLOCK_IN_DOUBT = 'the clock of this machine is in doubt, so no age is known';

type Configured = Parameters<LimitsState['publish']>[0];

/** The shell of risk: intents in, verdicts out, one writer at a time, its state rebuilt from the streams. */
export class RiskService implements Service {
  readonly name = 'risk' as const;
  readonly core: RiskCore;
  private readonly stoppingLosses: StoppingLosses;
  private readonly instruments = new InstrumentTable();
  private readonly judge: Judge;
  private readonly history: History;
  private readonly checkpoint: RiskCheckpoint;
  private readonly halts: HaltState;
  private readonly limits: LimitsState;
  private readonly stops: (() => void)[] = [];
  private readonly counters = { quotes: 0, regimes: 0, orders: 0, fills: 0, results: 0, unreadable: 0 };
  private readonly flow = new Flow('quote');
  private consumers: DurableSubscription[] = [];
  private writer: Writer | null = null;
  /** Grants and losses are worked off one after the other. */
  private turning: Promise<void> = Promise.resolve();
  private turn = 0;
  private readonly normalisations = new WriterNames('normalisation');
  private readonly feed: MarketFeed;
  private granted = false;
  private judging = false;
  /** What of its state is missing while it holds the lease and does not judge. */
  private notRebuilt = NOT_REBUILT;
  private judgingChanged: (judging: boolean) => void = () => {};
  private startedAtUs = 0;
  private actsSinceUs = 0;

  constructor(private readonly dependencies: RiskDependencies) {
    const { bus, clock, log } = dependencies;
    const { retentionUs, takerFees } = dependencies.configuration;
    this.feed = new MarketFeed(bus, this.instruments, clock);
    this.core = new RiskCore({ instruments: this.instruments, retentionUs, takerFees });
    this.core.setKnown(NOT_REBUILT, false);
    this.stoppingLosses = new StoppingLosses(this.core);
    const audit = async (entry: AuditEntry): Promise<void> => {
      await bus.streams.append(subjects.audit(), encodeJson(entry), { id: entry.id });
    };
    this.halts = new HaltState(bus.state(BUCKETS.halt), this.core, audit, log);
    this.limits = new LimitsState(bus.state(BUCKETS.limits), this.core, audit, log);
    this.checkpoint = new RiskCheckpoint(dependencies, this.instruments, this.core, retentionUs);
    this.history = new History(bus, this.core, () => clock.nowUs(), (stream, sequence, error) => {
      log.error('a stored message cannot be read', { stream, sequence, error: error.message });
      // An order or fill that cannot be read leaves the position unknown: then nothing is approved any more. Without its
      // result a plan reserves more than it needs, and without a refusal a pair does not rest.
      if (stream !== STREAMS.refused && stream !== STREAMS.results) this.core.setKnown(`a message of ${stream} cannot be read`, false);
    }, (error) => {
      log.error('fills are lost; nothing is approved', { error: error.message });
      this.core.setKnown(error.message, false);
    });
    const actingEpoch = (): number | null => (this.judging ? (this.writer?.actingEpoch() ?? null) : null);
    this.judge = new Judge(bus, this.core, this.history, clock, log, actingEpoch, latencyOf(dependencies, 'intent-to-verdict'), dependencies.tracing);
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log, configuration, lastValues } = this.dependencies;
    this.startedAtUs = clock.nowUs();
    const recalled = lastValues?.recall();
    const configured = new Map(configuration.accounts.map((account) => [account.account, limitsOf(account)]));
    for (const { account, balances } of configuration.accounts) {
      for (const { venue, currency, amount } of balances) this.core.setStartBalance(account, venue, currency, amount);
    }
    this.stops.push(await followInstruments(bus, this.instruments, log));
    await this.halts.start();
    this.stops.push(() => this.halts.stop());
    if (configuration.writer === 'alone') this.limits.useConfigured(configured);
    else await this.limits.start(configured);
    this.stops.push(() => this.limits.stop());
    this.follow();
    for (const regime of (await recalled)?.regimes ?? []) this.core.onRememberedRegime(regime);
    if (configuration.writer === 'shared') await this.restore();
    await this.history.catchUp();
    this.stops.push(
      repeat(timers, configuration.checkpointEveryMs, () => {
        if (this.judging && this.writer?.actingEpoch() !== null && configuration.writer === 'shared') void this.checkpoint.advance();
      }),
      repeat(timers, WAKE_MS, () => {
        this.core.setKnown(CLOCK_IN_DOUBT, !isInDoubt(clock));
        if (clock.nowUs() >= this.core.wakeAtUs) this.core.onWake(clock.nowUs());
      }),
      repeat(timers, configuration.aliveEveryMs, () => this.sayAlive()),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
    );
    this.writer = await startWriter(this.dependencies, this.name, configuration.writer, {
      onGranted: () => {
        this.granted = true;
        this.takeOver(configured);
      },
      onLost: () => {
        this.granted = false;
        this.setJudging(false);
        this.turn++;
        this.enqueue('standing by', () => this.standBy());
      },
    });
    if (configuration.writer === 'alone') await this.turning;
  }

  async stop(): Promise<void> {
    this.setJudging(false);
    this.turn++;
    for (const stop of this.stops.splice(0)) stop();
    await this.turning;
    await this.standBy();
    await this.writer?.stop();
    await this.turning;
    await this.dependencies.bus.flush();
  }

  /** Begins where the last checkpoint ended; one that is there and cannot be read is not as if there were none. */
  private async restore(): Promise<void> {
    try {
      this.history.resume(await this.checkpoint.load());
    } catch (error) {
      this.dependencies.log.error('the checkpoint cannot be restored; nothing is approved', { error: (error as Error).message });
      this.core.setKnown((error as Error).message, false);
    }
  }

  /** Ready once it holds the lease and the state is rebuilt: this instance is the one that judges. */
  health(): ServiceHealth {
    const missing: string[] = [];
    const obstacle = this.writer?.obstacle() ?? null;
    if (obstacle !== null) missing.push(obstacle);
    else if (this.granted && !this.judging) missing.push(this.notRebuilt);
    const nowUs = this.dependencies.clock.nowUs();
    const regimesKnown = this.core.regimes.knownWithin(REGIME_MAX_AGE_US, nowUs);
    const degraded: string[] = [];
    if (this.instruments.size === 0) degraded.push('no instrument is known yet');
    else if (regimesKnown === 0) degraded.push('the regime of no market is known, so that nothing that adds exposure is approved (RISK_STATE_UNKNOWN)');
    const silence = this.flow.look(this.counters.quotes, nowUs);
    if (silence !== null && this.counters.quotes > 0) degraded.push(silence);
    const limitsNotAsConfigured = this.limits.differences().length;
    const counters = {
      ...this.counters, ...this.feed.counters, ...this.judge.counters, ...this.writer?.counters, ...this.dependencies.lastValues?.counters,
      unreadable: this.counters.unreadable + this.judge.counters.unreadable + this.history.unreadable,
      rebuilt: this.history.events, regimesKnown, limitsNotAsConfigured, haltsStanding: this.core.halts.standing,
    };
    const health = healthOf(this.name, this.dependencies, this.startedAtUs, missing, counters, this.troubles(), degraded);
    return this.judging ? { ...health, actsSinceUs: this.actsSinceUs } : standingBy(health);
  }

  /** What keeps the instance that judges from approving anything. */
  private troubles(): Trouble[] {
    if (!this.judging) return [];
    const { unknown } = this.core;
    const nowUs = this.dependencies.clock.nowUs();
    const troubles = [...this.checkpoint.troubles(), ...this.stoppingLosses.troubles(nowUs), ...this.normalisations.troubles(this.feed.writers, nowUs)];
    if (unknown.length === 0) return troubles;
    return [...troubles, { key: 'state-unknown', severity: 'critical', summary: `risk approves nothing: ${unknown.join('; ')}`, stopsTrading: true }];
  }

  report(account: string): AccountReport {
    return reportOf(this.core, account, this.dependencies.clock.nowUs());
  }

  /** Tells at every change whether this instance judges; then it alone answers requests. */
  onJudging(listener: (judging: boolean) => void): void {
    this.judgingChanged = listener;
    listener(this.judging);
  }

  /** @throws ParallaxError `ACCOUNT_UNKNOWN`. */
  async halt(request: HaltRequest): Promise<HaltReply> {
    this.checkAccount(request.account);
    return { record: await this.halts.halt(request, this.dependencies.clock.nowUs()) };
  }

  /** @throws ParallaxError `ACCOUNT_UNKNOWN`, `INPUT_REFUSED` when nothing is halted, `STATE_CONFLICT` when a new halt came between, `LEASE_LOST`. */
  async resume(request: ResumeRequest): Promise<HaltReply> {
    this.checkJudging();
    this.checkAccount(request.account);
    return { record: await this.halts.resume(request, this.dependencies.clock.nowUs()) };
  }

  /** @throws ParallaxError `ACCOUNT_UNKNOWN`, `INPUT_REFUSED` with the limit that is wrong, `STATE_CONFLICT` with one that another just changed, `LEASE_LOST`. */
  async changeLimits(request: LimitsRequest): Promise<LimitsReply> {
    this.checkJudging();
    this.checkAccount(request.account);
    return { limits: { ...(await this.limits.change(request, this.dependencies.clock.nowUs())) } };
  }

  private setJudging(judging: boolean): void {
    if (judging && !this.judging) this.actsSinceUs = this.dependencies.clock.nowUs();
    this.judging = judging;
    this.judgingChanged(judging);
  }

  private checkAccount(account: string | undefined): void {
    if (account !== undefined) refuseUnknownAccount(account, this.limits.accounts);
  }

  /** The lease may go while a request is on its way here. */
  private checkJudging(): void {
    if (!this.judging) throw new ParallaxError('LEASE_LOST', 'this instance of risk does not judge any more; ask again', { retryable: true });
  }

  private follow(): void {
    const { bus, clock, log } = this.dependencies;
    const toTaken = latencyOf(this.dependencies, 'received-to-taken');
    const quotes = this.feed.quotes((instrument, row) => {
      const nowUs = clock.nowUs();
      this.counters.quotes++;
      toTaken.record(row[Column.receivedAtUs], nowUs);
      this.core.onQuote(instrument, row, nowUs);
    });
    const followRegimes = (pattern: string, take: (regime: RegimeEvent, nowUs: number) => void): Subscription =>
      bus.subscribe(pattern, ({ bytes }) => {
        try {
          take(decodeJson(regimeEventSchema, bytes), clock.nowUs());
          this.counters.regimes++;
        } catch (error) {
          this.counters.unreadable++;
          log.error('a regime cannot be read', { error: (error as Error).message });
        }
      });
    const regimes = followRegimes(patterns.regimes, (regime, nowUs) => this.core.onRegime(regime, nowUs));
    const standing = followRegimes(patterns.standingRegimes, (regime, nowUs) => this.core.onStandingRegime(regime, nowUs));
    this.stops.push(this.normalisations.follow(bus), () => quotes.unsubscribe(), () => regimes.unsubscribe(), () => standing.unsubscribe());
  }

  /** Takes over, and where that fails again and again as long as the lease stands: held and unused it would stop all trade. */
  private takeOver(configured: Configured): void {
    this.enqueue('taking over', async (turn) => {
      try {
        await this.beginJudging(turn, configured);
      } catch (error) {
        this.notRebuilt = `it cannot take over: ${(error as Error).message}`;
        await this.standBy();
        this.dependencies.timers.after(TAKE_OVER_AGAIN_MS, () => turn === this.turn && this.takeOver(configured));
        throw error;
      }
    });
  }

  /** Reads what came since the last reading, then consumes; nothing is judged before. */
  private async beginJudging(turn: number, configured: Configured): Promise<void> {
    const { bus, log } = this.dependencies;
    await this.history.catchUp();
    if (this.dependencies.configuration.writer === 'shared') await this.limits.publish(configured);
    if (turn !== this.turn) return;
    const { streams } = bus;
    this.consumers.push(
      await streams.consume(STREAMS.orders, CONSUMERS.riskOrders, (message) => this.onEvent(STREAMS.orders, 'orders', message)),
      await streams.consume(STREAMS.fills, CONSUMERS.riskFills, (message) => this.onEvent(STREAMS.fills, 'fills', message)),
      await streams.consume(STREAMS.results, CONSUMERS.riskResults, (message) => this.onEvent(STREAMS.results, 'results', message)),
      await streams.consume(STREAMS.intents, CONSUMERS.riskIntents, (message) => this.judge.onIntent(message)),
    );
    this.core.setKnown(NOT_REBUILT, true);
    this.notRebuilt = NOT_REBUILT;
    this.setJudging(turn === this.turn);
    log.info('risk judges', { epoch: this.writer?.actingEpoch(), rebuilt: this.history.events });
  }

  /** Who may not act leaves it to the one that may: acknowledged here, that one would never hear of it. */
  private async onEvent(stream: string, counter: 'orders' | 'fills' | 'results', message: DurableMessage): Promise<void> {
    if (this.writer?.actingEpoch() === null) return message.retry(NOT_WRITER_RETRY_MS);
    await this.history.take(stream, message);
    this.counters[counter]++;
    // Come again it is not taken again, and who takes over reads the streams: nothing hangs on the server's word.
    message.acknowledgeUnconfirmed();
  }

  private async standBy(): Promise<void> {
    this.setJudging(false);
    this.core.setKnown(NOT_REBUILT, false);
    await Promise.all(this.consumers.splice(0).map((consumer) => consumer.stop()));
    this.judge.standDown();
  }

  private enqueue(what: string, work: (turn: number) => Promise<void>): void {
    const { turn } = this;
    this.turning = this.turning.then(() => work(turn)).catch((error: Error) => {
      this.dependencies.log.error(`${what} failed; nothing is judged`, { error: error.message });
    });
  }

  private sayAlive(): void {
    const epoch = this.judging ? this.writer?.actingEpoch() : null;
    if (epoch === null || epoch === undefined) return;
    const { bus, clock, instance } = this.dependencies;
    const alive: RiskAlive = { epoch, instance, atUs: clock.nowUs(), limitDifferences: this.limits.differences() };
    bus.publish(subjects.riskAlive(), encodeJson(alive));
  }
}
