import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';

export const PairKind = { crossVenue: 0, basis: 1 } as const;
export type PairKind = (typeof PairKind)[keyof typeof PairKind];

/** Columns of one counterpart: which it is, the slots of buying here and of buying there, and the kind. */
export const Partner = { instrument: 0, buyHere: 1, buyThere: 2, kind: 3 } as const;
export const PARTNER_COLUMNS = 4;
const NONE = new Int32Array(0);

/**
 * Which instruments may be traded against each other: same base, same quote currency (USD, USDT and USDC are three), two
 * spot markets of different venues, or a spot market and a perpetual. Dated futures and two perpetuals are left out. Each
 * pair has two slots, one a direction; a slot knows what is bought and what is sold.
 */
export class PairTable {
  buy = new Int32Array(256);
  sell = new Int32Array(256);
  kind = new Uint8Array(256);
  slots = 0;
  private readonly partners: Int32Array[] = [];
  private readonly byBase = new Map<string, number[]>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly onCurrencyDiffers: (a: number, b: number) => void,
  ) {}

  /** Groups of {@link PARTNER_COLUMNS}, one a counterpart. */
  partnersOf(instrument: number): Int32Array {
    return this.partners[instrument] ?? NONE;
  }

  /** Joins an instrument to its counterparts among those joined before. */
  join(instrument: number): void {
    const specification = this.instruments.get(instrument);
    while (this.partners.length <= instrument) this.partners.push(NONE);
    const others = this.byBase.get(specification.base);
    if (!others) {
      this.byBase.set(specification.base, [instrument]);
      return;
    }
    for (const other of others) this.pair(instrument, specification, other);
    others.push(instrument);
  }

  private pair(instrument: number, specification: InstrumentSpecification, other: number): void {
    const counterpart = this.instruments.get(other);
    const kind = kindOf(specification, counterpart);
    if (kind === null) return;
    if (specification.quote !== counterpart.quote) return this.onCurrencyDiffers(instrument, other);
    const here = this.slot(instrument, other, kind);
    const there = this.slot(other, instrument, kind);
    this.link(instrument, other, here, there, kind);
    this.link(other, instrument, there, here, kind);
  }

  private slot(buy: number, sell: number, kind: PairKind): number {
    if (this.slots === this.buy.length) this.grow();
    this.buy[this.slots] = buy;
    this.sell[this.slots] = sell;
    this.kind[this.slots] = kind;
    return this.slots++;
  }

  private grow(): void {
    const twice = <Column extends Int32Array | Uint8Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    this.buy = twice(this.buy, new Int32Array(this.slots * 2));
    this.sell = twice(this.sell, new Int32Array(this.slots * 2));
    this.kind = twice(this.kind, new Uint8Array(this.slots * 2));
  }

  private link(from: number, to: number, buyHere: number, buyThere: number, kind: PairKind): void {
    const known = this.partners[from];
    const longer = new Int32Array(known.length + PARTNER_COLUMNS);
    longer.set(known);
    longer.set([to, buyHere, buyThere, kind], known.length);
    this.partners[from] = longer;
  }
}

function kindOf(a: InstrumentSpecification, b: InstrumentSpecification): PairKind | null {
  if (a.kind === 'spot' && b.kind === 'spot') return a.venue === b.venue ? null : PairKind.crossVenue;
  const spotAndSwap = (a.kind === 'spot' && b.kind === 'swap') || (a.kind === 'swap' && b.kind === 'spot');
  return spotAndSwap ? PairKind.basis : null;
}
