import type { Fault } from '@parallax/market-model';
import type { Client } from '../endpoint.js';
import type { FrameKind, Outbox } from '../venues/protocol.js';
import type { StandingFaults } from './standing-faults.js';

interface Counted {
  readonly fault: Fault;
  left: number;
}

interface Muted {
  readonly symbol: string | undefined;
  readonly untilUs: number;
}

/** Stands between a session and its client and lets the faults of that connection happen. */
export class FaultGate implements Outbox {
  private readonly counted: Counted[] = [];
  private readonly silences: Muted[] = [];
  private readonly mutes: Muted[] = [];
  /** Symbols of which the venue forgot that they were asked for. */
  private readonly forgotten = new Set<string>();
  private nowUs = 0;
  sent = 0;

  constructor(
    private readonly client: Client,
    private readonly standing: StandingFaults,
  ) {}

  /** The gate knows no other time than what its driver tells before each event. */
  tick(nowUs: number): void {
    this.nowUs = nowUs;
  }

  add(fault: Fault): void {
    const lasting = { symbol: fault.symbol, untilUs: this.nowUs + fault.seconds * 1e6 };
    switch (fault.kind) {
      case 'disconnect': return this.client.cut();
      case 'silence': return void this.silences.push(lasting);
      case 'mute': case 'mute-new': return void this.mutes.push(lasting);
      case 'gap': case 'wrong-checksum': case 'garbage': return void this.counted.push({ fault, left: fault.count });
      // Of the venue, not of a connection.
      case 'stale-snapshot': case 'refuse': case 'forget': return;
    }
  }

  forget(symbol: string): void {
    this.forgotten.add(symbol);
  }

  /** The client asked for the symbol anew. */
  remember(symbol: string): void {
    this.forgotten.delete(symbol);
  }

  /** Whether nothing may be said of this symbol now; null asks for the connection as a whole. */
  silenced(symbol: string | null): boolean {
    return this.concerns(this.silences, symbol);
  }

  /** Whether the venue sends nothing of this symbol, though it answers; null asks for its own beat. */
  muted(symbol: string | null): boolean {
    return this.concerns(this.mutes, symbol) || (symbol !== null && this.forgotten.has(symbol));
  }

  send(text: string, kind: FrameKind, symbol: string | null): boolean {
    if (this.silenced(null)) return true;
    if (symbol !== null && this.muted(symbol)) return false;
    // The message is lost on its way: whatever numbers it carried are used up.
    if (kind === 'depth' && this.take('gap', symbol)) return true;
    this.sent++;
    this.client.send(kind === 'depth' && this.take('garbage', symbol) ? text.slice(0, text.length >> 1) : text);
    return true;
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason);
  }

  takeWrongChecksum(symbol: string): boolean {
    return this.take('wrong-checksum', symbol);
  }

  takeRefusal(venueSymbol: string): boolean {
    return this.standing.takeRefusal(venueSymbol);
  }

  private concerns(faults: readonly Muted[], symbol: string | null): boolean {
    return faults.some((each) => this.nowUs < each.untilUs && (each.symbol === undefined || each.symbol === symbol));
  }

  private take(kind: Fault['kind'], symbol: string | null): boolean {
    const found = this.counted.find((each) =>
      each.left > 0 && each.fault.kind === kind && (each.fault.symbol === undefined || each.fault.symbol === symbol));
    if (!found) return false;
    found.left--;
    return true;
  }
}
