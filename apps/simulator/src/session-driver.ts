import type { BookDelta, Fault, InstrumentMarket, ModelTrade } from '@parallax/market-model';
import type { Client, Connection } from './endpoint.js';
import { FaultGate } from './faults/fault-gate.js';
import { MissedChanges } from './faults/missed-changes.js';
import type { StandingFaults } from './faults/standing-faults.js';
import type { Outbox, VenueSession } from './venues/protocol.js';

/** A request to subscribe, of whichever venue. */
const ASKS = /"subscribe"/i;
/** Whether a request names a symbol: as a text of its own, or before the channel in a stream's name. */
const names = (text: string, venueSymbol: string): boolean => {
  const [asked, name] = [text.toLowerCase(), `"${venueSymbol.toLowerCase()}`];
  return asked.includes(`${name}"`) || asked.includes(`${name}@`);
};

/** Drives one client's session: market events in, faults between, frames out. */
export class SessionDriver implements Connection {
  private readonly gate: FaultGate;
  private readonly session: VenueSession | null;
  private readonly missed = new Map<InstrumentMarket, MissedChanges>();

  constructor(
    client: Client,
    private readonly clock: { nowUs(): number },
    private readonly markets: readonly InstrumentMarket[],
    standing: StandingFaults,
    create: (outbox: Outbox) => VenueSession | null,
    private readonly onEnd: (driver: SessionDriver) => void,
  ) {
    this.gate = new FaultGate(client, standing);
    const mute = standing.takeMute();
    if (mute) this.addFault(mute, clock.nowUs());
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
    if (fault.kind !== 'forget') return;
    for (const { specification: { symbol } } of this.markets) if (fault.symbol === undefined || fault.symbol === symbol) this.gate.forget(symbol);
  }

  onText(text: string): void {
    const nowUs = this.clock.nowUs();
    this.gate.tick(nowUs);
    if (ASKS.test(text)) for (const { specification } of this.markets) if (names(text, specification.venueSymbol)) this.gate.remember(specification.symbol);
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
    // What falls into a time in which the venue says nothing though it answers is lost, not late.
    if (this.isMuted(market, atUs)) return;
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
    if (!this.gate.silenced(null) && !this.gate.muted(null)) this.session?.onSecond(nowUs);
  }

  private speaks(market: InstrumentMarket, atUs: number): boolean {
    this.gate.tick(atUs);
    return !this.gate.silenced(market.specification.symbol) && !this.gate.muted(market.specification.symbol);
  }

  private isMuted(market: InstrumentMarket, atUs: number): boolean {
    this.gate.tick(atUs);
    return this.gate.muted(market.specification.symbol);
  }
}
