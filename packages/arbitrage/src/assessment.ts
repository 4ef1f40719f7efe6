import { Side } from '@parallax/book';
import type { InstrumentSpecification, InstrumentTable, NotTakenReason, OpportunityReceipt } from '@parallax/types';
import { NO_CARRY, type CarryRates, type CostModel } from './costs.js';
import { walkedBase } from './depth-gate.js';
import type { DepthSource } from './depth-source.js';
import { Exact, exactFromText, least } from './exact.js';
import { fillOf, type FillWalk } from './fill-walk.js';
import { fixedFromExact } from './fixed.js';
import { SideLevels, type Levels } from './levels.js';
import type { MarketTable } from './market-table.js';
import { matchLegs, reachesMinimum, type MatchedLegs } from './match-sizes.js';
import type { ArbitrageOptions } from './options.js';
import { PairKind, type PairTable } from './pair-table.js';
import { priceOf } from './receipt.js';
import { sizeByDepth, type WalkCaps, type WayOut } from './sizing.js';

/** What a pair would bring right now, computed exactly from the depth of both books. */
export interface Assessment {
  readonly bought: FillWalk;
  readonly sold: FillWalk;
  readonly receipt: OpportunityReceipt;
  readonly netEdgeBps: number;
  /** Slippage as a share of the gross edge, and the larger share of the known depth that a leg takes. */
  readonly slippageShare: number;
  readonly depthShare: number;
}

/** The exact half of detection: walks, sizes and prices one pair and direction; runs only where the sieve left an edge. */
export class Assessor {
  private readonly asks: SideLevels;
  private readonly bids: SideLevels;
  private readonly exitBids: SideLevels;
  private readonly exitAsks: SideLevels;
  private readonly maximumNotional: Exact;
  /** By slot; what they follow from never changes. */
  private readonly carries: (CarryRates | undefined)[] = [];

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly market: MarketTable,
    private readonly pairs: PairTable,
    private readonly depth: DepthSource,
    private readonly costs: CostModel,
    private readonly options: ArbitrageOptions,
  ) {
    const levels = (): SideLevels => new SideLevels(options.depthLevels);
    [this.asks, this.bids, this.exitBids, this.exitAsks] = [levels(), levels(), levels(), levels()];
    this.maximumNotional = exactFromText(options.maximumNotional, 'maximumNotional');
  }

  /** @param minimumEdgeBps what the whole must bring at least; it must bring more than nothing in any case. */
  assess(slot: number, minimumEdgeBps: number, carryShare: number): Assessment | NotTakenReason {
    const [buy, sell] = [this.pairs.buy[slot], this.pairs.sell[slot]];
    const [bought, sold] = [this.instruments.get(buy), this.instruments.get(sell)];
    const basis = this.pairs.kind[slot] === PairKind.basis;
    if (!this.read(buy, sell, bought, sold, basis)) return 'book-missing';
    const gate = this.gate(buy, sell, bought, sold, basis, carryShare);
    if (gate) return gate;

    const asks = this.asks.exact(bought);
    const bids = this.bids.exact(sold);
    const wayOut = basis ? this.wayOut(asks, bids, bought, sold) : null;
    const carry = basis ? (this.carries[slot] ??= this.costs.carryOf(bought, sold)) : NO_CARRY;
    const { caps, byInventory } = this.caps(bought, sold);
    if (byInventory && empty(caps)) return 'inventory-missing';
    const walked = sizeByDepth({
      asks, bids, wayOut, caps,
      buyFee: fixedFromExact(this.costs.feeOf(bought)),
      sellFee: fixedFromExact(this.costs.feeOf(sold)),
      carry: fixedFromExact(carry.funding.add(carry.inventory)),
      minimumEdge: fixedFromExact(new Exact(minimumEdgeBps).div(10_000)),
    });
    if (walked.base <= 0n) return walked.end === 'depth' ? 'depth-too-thin' : 'slippage';
    const legs = matchLegs(walked.base, asks, bids);
    if (!legs || !reachesMinimum(legs.bought, asks.units) || !reachesMinimum(legs.sold, bids.units)) {
      if (walked.end === 'depth') return 'depth-too-thin';
      return walked.end === 'cap' && byInventory ? 'inventory-missing' : 'below-minimum-size';
    }
    return this.priced(legs, asks, bids, wayOut, carry, bought, sold, minimumEdgeBps);
  }

  private priced(
    legs: MatchedLegs,
    asks: Levels,
    bids: Levels,
    wayOut: WayOut | null,
    carry: CarryRates,
    bought: InstrumentSpecification,
    sold: InstrumentSpecification,
    minimumEdgeBps: number,
  ): Assessment | NotTakenReason {
    const [buying, selling] = [fillOf(legs.bought, bought.sizeScale), fillOf(legs.sold, sold.sizeScale)];
    const priced = priceOf({
      bought: buying, sold: selling, base: legs.base, wayOut, carry, currency: bought.quote, bestAsk: asks.at(0).price, bestBid: bids.at(0).price,
      buyFee: this.costs.feeOf(bought), sellFee: this.costs.feeOf(sold),
    });
    if (!priced) return 'depth-too-thin';
    if (priced.net.lte(0) || priced.net.mul(10_000).lt(priced.notional.mul(minimumEdgeBps))) return 'slippage';
    return {
      bought: buying,
      sold: selling,
      receipt: priced.receipt,
      netEdgeBps: priced.netEdgeBps.toNumber(),
      slippageShare: Math.min(1, priced.slippage.toNumber() / priced.gross.toNumber()),
      depthShare: Math.min(1, Math.max(
        buying.base.toNumber() / this.asks.totalBase(bought),
        selling.base.toNumber() / this.bids.totalBase(sold),
      )),
    };
  }

  private read(buy: number, sell: number, bought: InstrumentSpecification, sold: InstrumentSpecification, basis: boolean): boolean {
    const { ask, bid } = this.market;
    const entry =
      this.asks.read(this.depth, buy, Side.ask, ask[buy], bought.priceScale) &&
      this.bids.read(this.depth, sell, Side.bid, bid[sell], sold.priceScale);
    if (!entry || !basis) return entry;
    return (
      this.exitBids.read(this.depth, buy, Side.bid, bid[buy], bought.priceScale) &&
      this.exitAsks.read(this.depth, sell, Side.ask, ask[sell], sold.priceScale)
    );
  }

  /** In floats: is there as much as the smallest order of both legs? */
  private gate(
    buy: number, sell: number, bought: InstrumentSpecification, sold: InstrumentSpecification, basis: boolean, carry: number,
  ): NotTakenReason | null {
    const { ask, bid, fee, minimumBase } = this.market;
    const enough = Math.max(minimumBase[buy], minimumBase[sell], Number.MIN_VALUE);
    const spreads = (ask[buy] - bid[buy] + ask[sell] - bid[sell]) / 2;
    const perUnit = basis ? spreads + fee[buy] * bid[buy] + fee[sell] * ask[sell] : 0;
    const costs = { buyFee: fee[buy], sellFee: fee[sell], perUnit, carry: basis ? carry : 0 };
    const base = walkedBase(this.asks, this.bids, bought, sold, costs, enough);
    if (base === 0) return 'slippage';
    return base < enough ? 'below-minimum-size' : null;
  }

  private wayOut(
    asks: Levels, bids: Levels, bought: InstrumentSpecification, sold: InstrumentSpecification,
  ): WayOut {
    const sellInto = this.exitBids.exact(bought);
    const buyFrom = this.exitAsks.exact(sold);
    return {
      sellInto,
      buyFrom,
      boughtMiddle: (asks.at(0).price + sellInto.at(0).price) / 2n,
      soldMiddle: (bids.at(0).price + buyFrom.at(0).price) / 2n,
    };
  }

  /** Bounds by the largest notional and by what the venues hold; a perpetual binds its whole value in `settle`. */
  private caps(bought: InstrumentSpecification, sold: InstrumentSpecification): { caps: WalkCaps; byInventory: boolean } {
    const held = (venue: string, currency: string): Exact | null => {
      const text = this.options.inventory.available(venue, currency);
      return text === null ? null : exactFromText(text, `inventory of ${currency} at ${venue}`);
    };
    const payable = held(bought.venue, bought.settle);
    const sellable = held(sold.venue, sold.kind === 'spot' ? sold.base : sold.settle);
    const afterFee = new Exact(1).add(this.costs.feeOf(bought));
    const inBase = [bought.inverse ? payable : null, sold.inverse || sold.kind === 'spot' ? sellable : null].filter((cap) => cap !== null);
    const boughtValue = payable && !bought.inverse ? least(payable.div(afterFee), this.maximumNotional) : this.maximumNotional;
    return {
      caps: {
        boughtValue: fixedFromExact(boughtValue, 2),
        soldValue: sold.inverse || sold.kind === 'spot' || sellable === null ? null : fixedFromExact(sellable, 2),
        base: inBase.length > 0 ? fixedFromExact(least(inBase[0], ...inBase.slice(1))) : null,
      },
      byInventory: payable !== null || sellable !== null,
    };
  }
}

const empty = ({ boughtValue, soldValue, base }: WalkCaps): boolean =>
  [boughtValue, soldValue, base].some((cap) => cap !== null && cap <= 0n);
