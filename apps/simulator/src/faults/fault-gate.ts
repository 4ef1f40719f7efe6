import type { Fault } from '@parallax/market-model';
import type { Client } from '../endpoint.js';
import type { FrameKind, Outbox } from '../venues/protocol.js';

interface Counted {
  readonly fault: Fault;
  left: number;
}

/** Stands between a session and its client and lets the faults of that connection happen. */
export class FaultGate implements Outbox {
  private readonly counted: Counted[] = [];
  private readonly silences: { symbol: string | undefined; untilUs: number }[] = [];
  private nowUs = 0;
  sent = 0;

  constructor(private readonly client: Client) {}

  /** The gate knows no other time than what its driver tells before each event. */
  tick(nowUs: number): void {
    this.nowUs = nowUs;
  }

  add(fault: Fault): void {
    if (fault.kind === 'disconnect') this.client.cut();
    else if (fault.kind === 'silence') this.silences.push({ symbol: fault.symbol, untilUs: this.nowUs + fault.seconds * 1e6 });
    else if (fault.kind !== 'stale-snapshot') this.counted.push({ fault, left: fault.count });
  }

  /** Whether nothing may be said of this symbol now; null asks for the connection as a whole. */
  silenced(symbol: string | null): boolean {
    return this.silences.some((each) => this.nowUs < each.untilUs && (each.symbol === undefined || each.symbol === symbol));
  }

  send(text: string, kind: FrameKind, symbol: string | null): void {
    if (this.silenced(null)) return;
    // The message is lost on its way: whatever numbers it carried are used up.
    if (kind === 'depth' && this.take('gap', symbol)) return;
    this.sent++;
    if (kind === 'depth' && this.take('garbage', symbol)) return this.client.send(text.slice(0, text.length >> 1));
    this.client.send(text);
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason);
  }

  takeWrongChecksum(symbol: string): boolean {
    return this.take('wrong-checksum', symbol);
  }

  private take(kind: Fault['kind'], symbol: string | null): boolean {
    const found = this.counted.find((each) =>
      each.left > 0 && each.fault.kind === kind && (each.fault.symbol === undefined || each.fault.symbol === symbol));
    if (!found) return false;
    found.left--;
    return true;
  }
}
