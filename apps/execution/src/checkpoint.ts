import type { StoredMessage } from '@parallax/bus';
import { Ledger, type ExecutionCore, type LedgerSnapshot, type ProfitSnapshot } from '@parallax/execution';
import { CheckpointStore, readPast, type ServiceContext } from '@parallax/runtime';
import { ParallaxError, type InstrumentTable, type Trouble } from '@parallax/types';
import { BUCKETS, decodeJson, fillSchema, STREAMS } from '@parallax/wire';

/** What is kept: all that the fills up to a place in their stream made of positions and balances, and what settled plans brought. */
interface Checkpoint {
  readonly version: 1;
  /** Number of the last fill in it. */
  readonly fills: number;
  readonly ledger: LedgerSnapshot;
  readonly profit: ProfitSnapshot;
  /** Ids of the last fills in it: one that was stored twice, its first answer having been lost, counts once. */
  readonly recent: readonly string[];
}

const RECENT_FILLS = 1_000;

/**
 * Positions and balances as far as nothing of them can change any more: the fills of orders that the core has forgotten. Their
 * stream is bounded and lets go of its oldest, so who rebuilds begins here. It follows the stream by a ledger of its own, in the
 * stream's order: what it saves is what reading all of it would give.
 */
export class ExecutionCheckpoint {
  private readonly store: CheckpointStore;
  private readonly past = new Ledger();
  /** Number of the last fill that is in {@link past}. */
  private fills = 0;
  /** That of the checkpoint that stands. */
  private savedFills = 0;
  private recent: string[] = [];
  private busy = false;
  private failure: string | null = null;

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    private readonly core: ExecutionCore,
    /** A fill is at least so old before it is counted as past, in microseconds. */
    private readonly retentionUs: number,
  ) {
    this.store = new CheckpointStore(context.bus.state(BUCKETS.checkpoints), 'execution');
  }

  /**
   * Gives the core what was saved last; returns the number of the last fill in it, 0 where nothing was.
   * @throws ParallaxError `STORE_FAILED` where it cannot be read, `INSTRUMENT_UNKNOWN` for a position whose instrument nobody told yet.
   */
  async load(): Promise<number> {
    const text = await this.store.load();
    if (text === null) return 0;
    const { version, fills, ledger, profit, recent } = JSON.parse(text) as Checkpoint;
    if (version !== 1) throw new ParallaxError('STORE_FAILED', `a checkpoint of execution of version ${String(version)} cannot be read`);
    for (const each of [this.core.ledger, this.past]) {
      each.restore(ledger, this.instruments);
      for (const id of recent) each.know(id);
    }
    this.core.profit.restore(profit);
    this.fills = this.savedFills = fills;
    this.recent = [...recent];
    return fills;
  }

  /** Takes in what is past by now and saves it; a failure is told, and tried again with the next call. */
  async advance(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const untilUs = this.context.clock.nowUs() - this.retentionUs;
      await readPast(this.context.bus.streams, STREAMS.fills, this.fills, (message) => this.isPast(message, untilUs), (message) => this.count(message));
      if (this.fills !== this.savedFills) await this.save();
      this.failure = null;
    } catch (error) {
      this.failure = (error as Error).message;
      this.context.log.warn('a checkpoint of execution could not be made', { error: this.failure });
    } finally {
      this.busy = false;
    }
  }

  troubles(): Trouble[] {
    if (this.failure === null) return [];
    return [{ key: 'checkpoint', severity: 'warning', summary: `execution cannot save its positions; a restart reads more of the streams: ${this.failure}` }];
  }

  private async save(): Promise<void> {
    const { fills } = this;
    const checkpoint: Checkpoint = { version: 1, fills, ledger: this.past.toJSON(), profit: this.core.profit.toJSON(), recent: this.recent };
    await this.store.save(JSON.stringify(checkpoint));
    this.savedFills = fills;
  }

  /** Whether nobody needs the fill by itself any more, and its instrument is known. */
  private isPast({ bytes, atUs }: StoredMessage, untilUs: number): boolean {
    if (atUs > untilUs) return false;
    const { orderId, venue, symbol } = decodeJson(fillSchema, bytes);
    return this.core.orders.get(orderId) === undefined && this.instruments.find(venue, symbol) >= 0;
  }

  /** Its place is kept with each fill: where reading breaks off, the next goes on behind it. */
  private count({ bytes, sequence }: StoredMessage): void {
    const fill = decodeJson(fillSchema, bytes);
    if (this.past.apply(fill, this.instruments.get(this.instruments.find(fill.venue, fill.symbol)))) this.recent.push(fill.id);
    for (const id of this.recent.splice(0, Math.max(0, this.recent.length - RECENT_FILLS))) this.past.forget(id);
    this.fills = sequence;
  }
}
