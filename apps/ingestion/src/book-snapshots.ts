import { SnapshotPlanner, type ConnectionCore } from '@parallax/ingestion';
import type { ServiceContext } from '@parallax/runtime';
import type { InstrumentSpecification, SnapshotRequest } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import type { RawStream } from './raw-stream.js';
import type { VenueRest } from './venue-rest.js';

const FETCHED_LATELY_US = 3_000_000;

/** What is carried now. */
export interface Carriers {
  instrumentOf(symbol: string): InstrumentSpecification | undefined;
  /** The connection that carries the symbol's book. */
  carrierOf(symbol: string): ConnectionCore | undefined;
  /** Where its frames go; null while its socket is not open. */
  streamOf(core: ConnectionCore): RawStream | null;
  /** Takes a symbol to another connection, where its subscription brings a snapshot. */
  move(symbol: string, from: ConnectionCore): void;
  /** The venue's refusal may say how long to wait. */
  onRefused(error: unknown): void;
}

/** Brings fresh snapshots of books in the venue's own way: by REST, by asking for the channel again, or by another connection. */
export class BookSnapshots {
  private readonly planner: SnapshotPlanner | null;
  /** When a REST snapshot of a symbol came last. */
  private readonly fetchedAtUs = new Map<string, number>();

  constructor(
    private readonly context: ServiceContext,
    private readonly definition: VenueDefinition,
    private readonly rest: VenueRest,
    private readonly carriers: Carriers,
  ) {
    const { limits, snapshots } = definition;
    this.planner = snapshots ? new SnapshotPlanner(limits.restWeight, snapshots.weight, (symbol) => void this.fetch(symbol)) : null;
  }

  wake(nowUs: number): void {
    if (this.planner && nowUs >= this.planner.wakeAtUs) this.planner.onWake(nowUs);
  }

  /** The venue said to wait: nothing is fetched before. */
  pause(untilUs: number): void {
    this.planner?.pause(untilUs);
  }

  /** False when the symbol is not carried here. */
  want({ symbol, reason, othersTrusted = false }: SnapshotRequest): boolean {
    const core = this.carriers.carrierOf(symbol);
    if (!core) return false;
    // Once the socket is open the subscription brings the snapshot, or updates that ask for one.
    if (core.state !== 'open') return true;
    const nowUs = this.context.clock.nowUs();
    if (this.planner) {
      // One that has just come and did not help will not help again; the stream may have a better one.
      const isInVain = nowUs - (this.fetchedAtUs.get(symbol) ?? -Infinity) < FETCHED_LATELY_US;
      if (!isInVain || !this.askAgain(core, symbol)) this.planner.want(symbol, nowUs);
    } else if (!this.askAgain(core, symbol)) {
      // A new connection costs all that it carries its books: where others are well, the one that is not leaves them.
      if (othersTrusted && core.channels.symbols.some((other) => other !== symbol)) this.carriers.move(symbol, core);
      else core.restart(`${symbol}: ${reason}`, nowUs);
    }
    return true;
  }

  /** False where the venue's stream gives no snapshot that way. */
  private askAgain(core: ConnectionCore, symbol: string): boolean {
    const book = core.channels.find(symbol, 'depth');
    if (!this.definition.stream.renewsBooks || !book) return false;
    core.send(core.channels.askAgain([book]), this.context.clock.nowUs());
    return true;
  }

  private async fetch(symbol: string): Promise<void> {
    const { definition, carriers, rest, context } = this;
    const instrument = carriers.instrumentOf(symbol);
    const core = carriers.carrierOf(symbol);
    const stream = core && carriers.streamOf(core);
    try {
      if (!instrument || !definition.snapshots || !stream) return;
      const bytes = await rest.get(definition.snapshots.url(instrument, rest.endpoint));
      if (!stream.snapshot(symbol, bytes)) throw new Error('its connection ended meanwhile');
      this.fetchedAtUs.set(symbol, context.clock.nowUs());
    } catch (error) {
      context.log.warn('no snapshot to be had', { venue: definition.id, symbol, error: (error as Error).message });
      carriers.onRefused(error);
      // The stream may have one where REST has not.
      if (core) this.askAgain(core, symbol);
    } finally {
      this.planner?.onDone(symbol);
    }
  }
}
