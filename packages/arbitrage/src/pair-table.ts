import type { InstrumentSpecification, InstrumentTable } from '@parallax/types';

export const PairKind = { crossVenue: 0, basis: 1 } as const;
export type PairKind = (typeof PairKind)[keyof typeof PairKind];

/** An instrument's counterparts: which they are, and the slots of buying here and of buying there. */
export interface Partners {
  instruments: Int32Array;
  buyHere: Int32Array;
  buyThere: Int32Array;
}
const NONE: Partners = { instruments: new Int32Array(0), buyHere: new Int32Array(0), buyThere: new Int32Array(0) };

const appended = (column: Int32Array, value: number): Int32Array => {
  const longer = new Int32Array(column.length + 1);
  longer.set(column);
  longer[column.length] = value;
  return longer;
};

/**
 * Which instruments may be traded against each other: same base, same quote currency (USD, USDT and USDC are three), two
 * spot markets of different venues, or a spot market and a perpetual. Dated futures and two perpetuals are left out. Each
 * pair has two slots, one a direction; a slot knows what is bought and what is sold.
 */
export class PairTable {
  readonly buy: number[] = [];
  readonly sell: number[] = [];
  readonly kind: PairKind[] = [];
  private readonly partners: Partners[] = [];
  private readonly byBase = new Map<string, number[]>();

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly onCurrencyDiffers: (a: number, b: number) => void,
  ) {}

  get slots(): number {
    return this.buy.length;
  }

  partnersOf(instrument: number): Partners {
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
    this.link(instrument, other, here, there);
    this.link(other, instrument, there, here);
  }

  private slot(buy: number, sell: number, kind: PairKind): number {
    this.buy.push(buy);
    this.sell.push(sell);
    this.kind.push(kind);
    return this.buy.length - 1;
  }

  private link(from: number, to: number, buyHere: number, buyThere: number): void {
    const known = this.partners[from];
    this.partners[from] = {
      instruments: appended(known.instruments, to),
      buyHere: appended(known.buyHere, buyHere),
      buyThere: appended(known.buyThere, buyThere),
    };
  }
}

function kindOf(a: InstrumentSpecification, b: InstrumentSpecification): PairKind | null {
  if (a.kind === 'spot' && b.kind === 'spot') return a.venue === b.venue ? null : PairKind.crossVenue;
  const spotAndSwap = (a.kind === 'spot' && b.kind === 'swap') || (a.kind === 'swap' && b.kind === 'spot');
  return spotAndSwap ? PairKind.basis : null;
}
