import { LadderBook } from '@parallax/book';
import type { BusMessage, LeaseTimes, Subscription } from '@parallax/bus';
import { latencyOf, startWriter, type ServiceContext, type Writer, type WriterMode, type StageLatency } from '@parallax/runtime';
import { PaperVenue, type FeeModel, type LatencyModel, type MatchingOptions, type VenueFaults } from '@parallax/simulation';
import { ParallaxError, type InstrumentTable, type Trouble } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, subjects, token, venueCallSchema } from '@parallax/wire';
import { JournalClaims } from './journal-claim.js';
import type { JournalOpener, KeptJournal } from './kept-journal.js';

export interface PaperVenueConfiguration {
  readonly venue: string;
  readonly matching: MatchingOptions;
  readonly fees: FeeModel;
  readonly latency: LatencyModel;
  readonly openJournal: JournalOpener;
  /** Left out: nothing goes wrong. */
  readonly faults?: VenueFaults | undefined;
}

export interface SeatOptions {
  readonly mode: WriterMode;
  readonly leaseTimes?: LeaseTimes | undefined;
  /** Ids of journals that are given up. */
  readonly lostJournals: readonly string[];
}

/** Who could not take its place gives the lease back and stands for it again after so long. */
const AGAIN_MS = 1_000;
/** Whom the lease was not granted by then sees another holding it. */
const SETTLED_MS = 2_000;

/**
 * One venue of this instance. Of several instances one holds the venue's lease and its journal, and answers; what its journal
 * made safe it may tell whoever holds the lease by then, for whoever comes after it reads the same.
 */
export class VenueSeat {
  readonly counters = { requests: 0, unreadable: 0 };
  /** While this instance is the venue. */
  core: PaperVenue | null = null;
  /** When it last became the venue. */
  takenAtUs = 0;
  private kept: KeptJournal | null = null;
  private claims: JournalClaims | null = null;
  private requests: Subscription | null = null;
  private writer: Promise<Writer> | null = null;
  private standing: Writer | null = null;
  private granted: number | null = null;
  private changing: Promise<void> = Promise.resolve();
  /** Why this instance could not take its place when it was its turn. */
  private obstacle: ParallaxError | null = null;
  private failureTold = false;
  private stopped = false;
  private readonly toAnswer: StageLatency;
  private cancelSettled: () => void = () => {};
  private cancelAgain: () => void = () => {};

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    private readonly configuration: PaperVenueConfiguration,
    private readonly options: SeatOptions,
    /** Told after each request: the core may want to be woken at another time. */
    private readonly onRequest: () => void,
  ) {
    this.toAnswer = latencyOf(context, 'request-to-answer');
  }

  get venue(): string {
    return this.configuration.venue;
  }

  /** What it pretends, if anything. */
  get faults(): VenueFaults | undefined {
    return this.configuration.faults;
  }

  /** Resolves when it stands for the lease; of an instance that is alone, when it acts. @throws what kept that one from it. */
  async start(): Promise<void> {
    await this.stand();
    await this.changing;
    if (this.options.mode === 'alone' && this.obstacle) throw this.obstacle;
  }

  /** Lets what is being written be written, gives up the journal, then the lease: who takes it finds the journal free. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelSettled();
    this.cancelAgain();
    this.change(() => this.leave());
    await this.changing;
    await (await this.writer)?.stop();
    await this.changing;
  }

  /** To be called every second or so. */
  beat(): void {
    this.kept?.touch();
    if (this.kept) void this.claims?.note(this.kept.reach());
    const { failure } = this.kept?.journal ?? {};
    if (!failure || this.failureTold) return;
    this.failureTold = true;
    this.context.log.error(`no more orders are taken at ${this.venue}`, { error: failure.message });
  }

  /** What keeps the venue from working here, in a sentence; null where nothing does, or where another instance is the venue. */
  missing(): string | null {
    if (this.fault !== null) return `no orders are taken at ${this.venue}: ${this.fault.message}`;
    return this.standing?.obstacle() ?? null;
  }

  troubles(): Trouble[] {
    const { fault, venue } = this;
    if (fault === null) return [];
    return [{ key: `journal.${token(venue)}`, severity: 'critical', summary: `no orders are taken at ${venue}: ${fault.message}` }];
  }

  private get fault(): ParallaxError | null {
    return this.obstacle ?? this.kept?.journal.failure ?? null;
  }

  private async stand(): Promise<void> {
    if (this.stopped) return;
    const { mode, leaseTimes } = this.options;
    this.writer = startWriter(this.context, `paper.${token(this.venue)}`, mode, {
      onGranted: (epoch, identity) => {
        this.granted = epoch;
        this.change(() => this.take(epoch, identity));
      },
      onLost: () => {
        this.granted = null;
        this.change(() => this.leave());
      },
    }, leaseTimes);
    const writer = await this.writer.catch((error: unknown) => {
      this.writer = null;
      throw error;
    });
    this.standing = writer;
    this.cancelSettled = this.context.timers.after(SETTLED_MS, () => {
      if (this.granted === null) this.obstacle = null;
    });
  }

  private async take(epoch: number, identity: string): Promise<void> {
    if (this.granted !== epoch || this.stopped) return;
    let kept: KeptJournal | null = null;
    try {
      const claims = this.options.mode === 'shared' ? this.claimsOf() : null;
      kept = this.configuration.openJournal((await claims?.least()) ?? null);
      await claims?.claim({ ...kept.reach(), place: kept.place, instance: this.context.instance });
      // The lease may have gone while shared state was asked.
      if (this.granted !== epoch) return await kept.close();
      this.claims = claims;
      this.core = this.coreOf(kept, epoch, identity);
    } catch (error) {
      await kept?.close();
      return this.standAside(error);
    }
    this.kept = kept;
    this.takenAtUs = this.context.clock.nowUs();
    this.obstacle = null;
    this.failureTold = false;
    this.requests = this.context.bus.subscribe(subjects.venueOrder(this.venue), (message) => this.answer(message));
    this.context.log.info(`this instance is the paper venue ${this.venue}`, { epoch, journal: kept.reach().journal });
  }

  private claimsOf(): JournalClaims {
    const bucket = this.context.bus.state(BUCKETS.leases);
    return new JournalClaims(bucket, `paper.${token(this.venue)}.journal`, this.venue, this.options.lostJournals);
  }

  private coreOf({ journal, found }: KeptJournal, epoch: number, identity: string): PaperVenue {
    const { bus } = this.context;
    const { venue, matching, fees, latency, faults } = this.configuration;
    return new PaperVenue({
      venue, identity, instruments: this.instruments, matching, fees, latency: faults?.slowed(latency) ?? latency, faults, journal,
      mayAct: () => this.standing?.actingEpoch() === epoch,
      createBook: ({ priceStep }) => new LadderBook(priceStep),
      onReport: (order) => bus.publish(subjects.venueReport(venue), encodeJson(order)),
    }, found);
  }

  private async leave(): Promise<void> {
    this.requests?.unsubscribe();
    this.requests = null;
    const { kept, claims } = this;
    this.core = null;
    this.kept = null;
    this.claims = null;
    await kept?.close();
    // Whoever holds the lease by now says itself how far it has come.
    if (kept !== null && this.granted !== null) await claims?.note(kept.reach());
  }

  /** Another instance may have what this one lacks, so the lease is given back; later it is tried again. */
  private async standAside(error: unknown): Promise<void> {
    const { log, timers } = this.context;
    const obstacle = error instanceof ParallaxError ? error : new ParallaxError('INTERNAL', String(error), { cause: error });
    if (obstacle.message !== this.obstacle?.message) log.error(`this instance cannot be the paper venue ${this.venue}`, { error: obstacle.message });
    this.obstacle = obstacle;
    if (this.options.mode === 'alone') return;
    await (await this.writer)?.stop();
    this.cancelSettled();
    if (!this.stopped) this.cancelAgain = timers.after(AGAIN_MS, () => this.change(() => this.stand().catch((fault: unknown) => this.standAside(fault))));
  }

  private answer(message: BusMessage): void {
    const { core } = this;
    const nowUs = this.context.clock.nowUs();
    const respond = (outcome: unknown): void => message.respond(encodeJson(outcome));
    if (core === null) return;
    this.counters.requests++;
    try {
      const asked = decodeJson(venueCallSchema, message.bytes);
      if (asked.call === 'place') core.place(asked.request, (outcome) => {
        respond(outcome);
        this.toAnswer.record(nowUs, this.context.clock.nowUs());
      }, nowUs);
      else if (asked.call === 'cancel') core.cancel(asked.request, respond, nowUs);
      else if (asked.call === 'order') core.order(asked.account, asked.clientId, respond, nowUs);
      else if (asked.call === 'openOrders') core.openOrders(asked.account, asked.after, respond, nowUs);
      else core.changedSince(asked.account, asked.sinceUs, asked.after, respond, nowUs);
    } catch (error) {
      if (!(error instanceof ParallaxError) || error.code !== 'INPUT_REFUSED') throw error;
      this.counters.unreadable++;
      respond({ kind: 'rejected', code: error.code, detail: error.message });
    }
    this.onRequest();
  }

  /** One change at a time: a lease may come and go while a journal is being opened. */
  private change(step: () => Promise<void>): void {
    this.changing = this.changing.then(step).catch((error: unknown) => {
      this.context.log.error(`the paper venue ${this.venue} could not take or leave its place`, { error: String(error) });
    });
  }
}
