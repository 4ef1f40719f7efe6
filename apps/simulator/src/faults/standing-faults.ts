import type { Fault } from '@parallax/market-model';

interface Counted {
  readonly fault: Fault;
  /** In lower case, as in the venue's own stream names; undefined: any. */
  readonly venueSymbol: string | undefined;
  left: number;
}

/** Faults of a venue as a whole: they meet whichever connection comes first, those among them that are not open yet. */
export class StandingFaults {
  private readonly counted: Counted[] = [];

  /** `venueSymbol` is that of the fault's symbol. */
  add(fault: Fault, venueSymbol: string | undefined): void {
    if (fault.kind === 'mute-new' || fault.kind === 'refuse') this.counted.push({ fault, venueSymbol: venueSymbol?.toLowerCase(), left: fault.count });
  }

  /** Whether the venue refuses to subscribe the symbol; each call that says so uses up one. */
  takeRefusal(venueSymbol: string): boolean {
    const asked = venueSymbol.toLowerCase();
    return this.take(({ fault, venueSymbol: of }) => fault.kind === 'refuse' && (of === undefined || of === asked)) !== null;
  }

  /** The fault with which a new connection begins. */
  takeMute(): Fault | null {
    return this.take(({ fault }) => fault.kind === 'mute-new');
  }

  private take(matches: (counted: Counted) => boolean): Fault | null {
    const found = this.counted.find((one) => one.left > 0 && matches(one));
    if (!found) return null;
    found.left--;
    return found.fault;
  }
}
