import { addTrade, AMOUNT_DECIMALS, Money, moneyText, ZERO } from '@parallax/money';

/** What stands alone of one plan. */
export interface Lot {
  /** Base currency; where the instrument is not known, its own name, and `size` is in the venue's unit. */
  readonly base: string;
  /** Where it was traded, `okx:BTC/USDT` in two. */
  readonly venue: string;
  readonly symbol: string;
  /** Signed base units. */
  readonly size: Money;
  /** What moved for it: below 0 for a purchase. */
  readonly cash: Money;
}

export interface LotsSnapshot {
  readonly evened: string;
  readonly open: readonly { base: string; venue: string; symbol: string; size: string; cash: string }[];
}

/**
 * What stands alone by base currency, at average cost. A lot that lies the other way is traded against what there is, and
 * the cash of both parts is realised: `evened`. That and the cash of what stays open is all cash, to the last digit.
 */
export class Lots {
  evened: Money = ZERO;
  private readonly byBase = new Map<string, Lot>();

  /** In the order of their base currency; `venue` and `symbol` are of the last lot in each. */
  get open(): Lot[] {
    return [...this.byBase.values()].toSorted((one, other) => (one.base < other.base ? -1 : 1));
  }

  add(lot: Lot): void {
    const known = this.byBase.get(lot.base) ?? { size: ZERO, cash: ZERO };
    // What was paid for a purchase is its cost, and cash that is below 0.
    const holding = { size: known.size, cost: known.cash.negated() };
    const realised = addTrade(holding, { size: lot.size, cost: lot.cash.negated() }, false, AMOUNT_DECIMALS);
    this.evened = this.evened.plus(realised);
    this.keep({ ...lot, size: holding.size, cash: holding.cost.negated() });
  }

  copy(): Lots {
    const copy = new Lots();
    copy.evened = this.evened;
    for (const lot of this.byBase.values()) copy.keep(lot);
    return copy;
  }

  toJSON(): LotsSnapshot {
    const open = this.open.map(({ base, venue, symbol, size, cash }) => ({ base, venue, symbol, size: moneyText(size), cash: moneyText(cash) }));
    return { evened: moneyText(this.evened), open };
  }

  static from({ evened, open }: LotsSnapshot): Lots {
    const lots = new Lots();
    lots.evened = new Money(evened);
    for (const lot of open) lots.keep({ ...lot, size: new Money(lot.size), cash: new Money(lot.cash) });
    return lots;
  }

  private keep(lot: Lot): void {
    if (lot.size.isZero()) this.byBase.delete(lot.base);
    else this.byBase.set(lot.base, lot);
  }
}
