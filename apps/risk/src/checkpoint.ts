import type { StoredMessage } from '@parallax/bus';
import { restore, RiskCore, snapshot, type RiskSnapshot } from '@parallax/risk';
import { CheckpointStore, readPast, type ServiceContext } from '@parallax/runtime';
import { ParallaxError, type InstrumentTable, type Trouble } from '@parallax/types';
import { BUCKETS, decodeJson, fillSchema, STREAMS } from '@parallax/wire';
import { planOf } from './history.js';

/** Number of the last message of each stream that need not be read again. */
export type Places = Readonly<Record<string, number>>;

/** What is kept: all that is over, up to a place in each stream. */
interface Checkpoint {
  readonly version: 1;
  readonly places: Places;
  /** Made of the fills up to their place alone. */
  readonly state: RiskSnapshot;
}

const NOWHERE: Places = {};
const APART_US = 3_600_000_000;
/** Streams of which a message that cannot be read costs nobody a position. */
const MAY_BE_UNREADABLE: readonly string[] = [STREAMS.refused, STREAMS.results];

/**
 * Positions, balances and profit as far as nothing of them can change any more: the past of plans that the core has forgotten.
 * The stream of fills is bounded and lets go of its oldest, so who rebuilds begins here. It follows that stream by a core of its
 * own, in the stream's order: what it saves is what reading all of it would give.
 */
export class RiskCheckpoint {
  private readonly store: CheckpointStore;
  private readonly past: RiskCore;
  private places: Record<string, number> = {};
  /** Number of the last fill in the checkpoint that stands. */
  private savedFills = 0;
  private busy = false;
  private failure: string | null = null;

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    private readonly core: RiskCore,
    /** A message is at least so old before it is counted as past, in microseconds. */
    private readonly retentionUs: number,
  ) {
    this.store = new CheckpointStore(context.bus.state(BUCKETS.checkpoints), 'risk');
    // The fills of the last hour of it are told apart: one that was stored twice, its first answer having been lost, counts once.
    this.past = new RiskCore({ instruments, retentionUs: retentionUs + APART_US });
  }

  /**
   * Gives the core what was saved last; returns from where each stream is to be read.
   * @throws ParallaxError `STORE_FAILED` where it cannot be read, `INSTRUMENT_UNKNOWN` for a position whose instrument nobody told yet.
   */
  async load(): Promise<Places> {
    const text = await this.store.load();
    if (text === null) return NOWHERE;
    const { version, places, state } = JSON.parse(text) as Checkpoint;
    if (version !== 1) throw new ParallaxError('STORE_FAILED', `a checkpoint of risk of version ${String(version)} cannot be read`);
    for (const each of [this.core, this.past]) restore(each, state, this.context.clock.nowUs());
    this.places = { ...places };
    this.savedFills = this.fills;
    return places;
  }

  /** Takes in what is past by now and saves it; a failure is told, and tried again with the next call. */
  async advance(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { bus, clock } = this.context;
      const untilUs = clock.nowUs() - this.retentionUs;
      for (const stream of [STREAMS.approved, STREAMS.refused, STREAMS.orders, STREAMS.fills, STREAMS.results]) {
        await readPast(
          bus.streams, stream, this.places[stream] ?? 0, (message) => this.isPast(stream, message, untilUs), (message) => this.count(stream, message),
        );
      }
      if (this.fills !== this.savedFills) await this.save();
      this.failure = null;
    } catch (error) {
      this.failure = (error as Error).message;
      this.context.log.warn('a checkpoint of risk could not be made', { error: this.failure });
    } finally {
      this.busy = false;
    }
  }

  troubles(): Trouble[] {
    if (this.failure === null) return [];
    return [{ key: 'checkpoint', severity: 'warning', summary: `risk cannot save its positions; a restart reads more of the streams: ${this.failure}` }];
  }

  private get fills(): number {
    return this.places[STREAMS.fills] ?? 0;
  }

  private async save(): Promise<void> {
    const { fills } = this;
    const checkpoint: Checkpoint = { version: 1, places: this.places, state: snapshot(this.past, this.context.clock.nowUs()) };
    await this.store.save(JSON.stringify(checkpoint));
    this.savedFills = fills;
  }

  /** Whether a message is of a plan that nobody remembers, and where it is a fill its instrument is known. */
  private isPast(stream: string, { bytes, atUs }: StoredMessage, untilUs: number): boolean {
    if (atUs > untilUs) return false;
    const plan = planOf(stream, bytes);
    if (plan === null) return MAY_BE_UNREADABLE.includes(stream);
    const { account, intentId } = plan;
    if (this.core.accounts.get(account)?.records.has(intentId) || this.core.verdicts.get(intentId)) return false;
    if (stream !== STREAMS.fills) return true;
    const { venue, symbol } = decodeJson(fillSchema, bytes);
    return this.instruments.find(venue, symbol) >= 0;
  }

  /** Its place is kept with each message: where reading breaks off, the next goes on behind it. */
  private count(stream: string, { bytes, sequence }: StoredMessage): void {
    if (stream === STREAMS.fills) this.past.onFill(decodeJson(fillSchema, bytes), this.context.clock.nowUs());
    this.places[stream] = sequence;
  }
}
