import type { BookDelta, Fault, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import type { Client, Connection } from './endpoint.js';
import { FaultGate } from './faults/fault-gate.js';
import { MissedChanges } from './faults/missed-changes.js';
import type { Outbox, VenueSession } from './venues/protocol.js';

/** Drives one client's session: market events in, faults between, frames out. */
export class SessionDriver implements Connection {
  private readonly gate: FaultGate;
  private readonly session: VenueSession | null;
  private readonly missed = new Map<InstrumentMarket, MissedChanges>();

  constructor(
    client: Client,
    private readonly clock: { nowUs(): number },
    create: (outbox: Outbox) => VenueSession | null,
    private readonly onEnd: (driver: SessionDriver) => void,
  ) {
    this.gate = new FaultGate(client);
    this.session = create(this.gate);
  }

  /** False: the venue knows no such path. */
  get opened(): boolean {
    return this.session !== null;
  }

  get sent(): number {
    return this.gate.sent;
  }

  addFault(fault: Fault, nowUs: number): void {
    this.gate.tick(nowUs);
    this.gate.add(fault);
  }

  onText(text: string): void {
    const nowUs = this.clock.nowUs();
    this.gate.tick(nowUs);
    this.session?.onText(text, nowUs);
  }

  onClose(): void {
    this.onEnd(this);
  }

  onTrades(market: InstrumentMarket, trades: readonly ModelTrade[], atUs: number): void {
    if (this.speaks(market, atUs)) this.session?.onTrades(market, trades, atUs);
  }

  onQuote(market: InstrumentMarket, atUs: number): void {
    if (this.speaks(market, atUs)) this.session?.onQuote(market, atUs);
  }

  onBook(market: InstrumentMarket, delta: BookDelta, atUs: number): void {
    const missed = this.missed.get(market);
    if (this.speaks(market, atUs)) {
      this.session?.onBook(market, missed ? missed.with(market, delta) : delta, atUs);
      if (missed) this.missed.delete(market);
      return;
    }
    const kept = missed ?? new MissedChanges(delta.firstId);
    kept.add(delta);
    this.missed.set(market, kept);
  }

  onMark(market: InstrumentMarket, atUs: number): void {
    if (this.speaks(market, atUs)) this.session?.onMark(market, atUs);
  }

  onSecond(nowUs: number): void {
    this.gate.tick(nowUs);
    if (!this.gate.silenced(null)) this.session?.onSecond(nowUs);
  }

  private speaks(market: InstrumentMarket, atUs: number): boolean {
    this.gate.tick(atUs);
    return !this.gate.silenced(market.specification.symbol);
  }
}
