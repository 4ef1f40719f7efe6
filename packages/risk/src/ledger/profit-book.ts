import { addTrade, emptyHolding, Money, ZERO, type Holding } from '@parallax/money';
import { LossWindow } from './loss-window.js';

/** What an account holds of one base against one quote currency, over all venues and kinds of instrument. */
export interface NetHolding extends Holding {
  readonly base: string;
  readonly quote: string;
  /** The instrument of the last fill: its quote marks the holding. */
  instrument: string;
}

/**
 * Profit netted over venues: buying at one and selling at another realises the difference at once, and a spot holding
 * against a short perpetual is flat. Only what is truly open is marked to the market.
 */
export class ProfitBook {
  private readonly nets = new Map<string, NetHolding>();
  private readonly windows = new Map<string, LossWindow>();
  private readonly totals = new Map<string, Money>();

  /** Books a trade in base units and quote currency; returns the profit that it realised in the quote currency. */
  trade(instrument: string, base: string, quote: string, trade: Readonly<Holding>, atUs: number): Money {
    const key = `${base}|${quote}`;
    let net = this.nets.get(key);
    if (!net) this.nets.set(key, (net = { ...emptyHolding(), base, quote, instrument }));
    net.instrument = instrument;
    const realised = addTrade(net, trade, false);
    if (net.size.isZero()) this.nets.delete(key);
    this.add(quote, realised, atUs);
    return realised;
  }

  /** Books a profit (negative: a cost) in any currency. */
  add(currency: string, amount: Money, atUs: number): void {
    if (amount.isZero()) return;
    let window = this.windows.get(currency);
    if (!window) this.windows.set(currency, (window = new LossWindow()));
    window.add(atUs, amount);
    this.totals.set(currency, (this.totals.get(currency) ?? ZERO).plus(amount));
  }

  advance(nowUs: number): void {
    for (const window of this.windows.values()) window.advance(nowUs);
  }

  open(): IterableIterator<NetHolding> {
    return this.nets.values();
  }

  byCurrency(): IterableIterator<[string, LossWindow]> {
    return this.windows.entries();
  }

  /** Every currency that {@link byCurrency} tells of. */
  currencies(): IterableIterator<string> {
    return this.windows.keys();
  }

  /** Realised profit less fees since the beginning, by currency. */
  total(): ReadonlyMap<string, Money> {
    return this.totals;
  }

  toJSON(): ProfitSnapshot {
    return {
      nets: [...this.nets.values()].map(({ base, quote, instrument, size, cost }) => ({
        base, quote, instrument, size: size.toFixed(), value: cost.toFixed(),
      })).toSorted((a, b) => (`${a.base}|${a.quote}` < `${b.base}|${b.quote}` ? -1 : 1)),
      windows: Object.fromEntries([...this.windows].toSorted(byKey).map(([currency, window]) => [currency, window.toJSON()])),
      totals: Object.fromEntries([...this.totals].toSorted(byKey).map(([currency, amount]) => [currency, amount.toFixed()])),
    };
  }

  restore(snapshot: ProfitSnapshot): void {
    for (const { base, quote, instrument, size, value } of snapshot.nets) {
      this.nets.set(`${base}|${quote}`, { base, quote, instrument, size: new Money(size), cost: new Money(value) });
    }
    for (const [currency, window] of Object.entries(snapshot.windows)) this.windows.set(currency, LossWindow.from(window));
    for (const [currency, amount] of Object.entries(snapshot.totals)) this.totals.set(currency, new Money(amount));
  }
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

export interface ProfitSnapshot {
  readonly nets: readonly { base: string; quote: string; instrument: string; size: string; value: string }[];
  readonly windows: Readonly<Record<string, ReturnType<LossWindow['toJSON']>>>;
  readonly totals: Readonly<Record<string, string>>;
}
