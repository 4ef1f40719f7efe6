import type { NotTakenReason } from '@parallax/types';
import type { MarketTable } from './market-table.js';
import { PairKind } from './pair-table.js';

/**
 * The edge of one unit at the best prices, in floats: a sieve that is never stricter than the exact computation. All
 * figures are in quote currency per base unit; reused from pair to pair.
 */
export class TopEdge {
  ask = 0;
  gross = 0;
  net = 0;
  /** The cost that ate the edge, in the order fees, way out, carry; null while it stands. */
  eatenBy: NotTakenReason | null = null;

  constructor(
    private readonly market: MarketTable,
    /** Funding and inventory of a basis slot together, as a share of the bought value. */
    private readonly carry: readonly number[],
  ) {}

  compute(slot: number, buy: number, sell: number, kind: number): void {
    const { bid, ask, fee } = this.market;
    const paid = ask[buy];
    const got = bid[sell];
    this.ask = paid;
    this.gross = got - paid;
    this.eatenBy = null;
    // What only the rounding of floats puts below nothing is left to the exact walk.
    const slack = -1e-12 * paid;
    let net = this.gross - fee[buy] * paid - fee[sell] * got;
    if (net <= slack) this.eatenBy = 'fees';
    if (kind === PairKind.basis) {
      const spreads = (paid - bid[buy] + ask[sell] - got) / 2;
      net -= spreads + fee[buy] * bid[buy] + fee[sell] * ask[sell];
      if (net <= slack) this.eatenBy ??= 'way-out';
      net -= this.carry[slot] * paid;
      if (net <= slack) this.eatenBy ??= 'funding';
    }
    this.net = net;
  }

  get grossBps(): number {
    return (this.gross / this.ask) * 10_000;
  }
  get netBps(): number {
    return (this.net / this.ask) * 10_000;
  }
}
