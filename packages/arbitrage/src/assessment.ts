import { Side } from '@parallax/book';
import { Money, moneyFromText, ONE as WHOLE, smaller } from '@parallax/money';
import type { InstrumentSpecification, InstrumentTable, NotTakenReason, OpportunityReceipt } from '@parallax/types';
import { NO_CARRY, type CostModel } from './costs.js';
import { walkedBase } from './depth-gate.js';
import type { DepthSource } from './depth-source.js';
import type { Walk } from './fill-walk.js';
import { fixedFromExact, MONEY_UNIT, ONE } from './fixed.js';
import { SideLevels, type Levels } from './levels.js';
import type { MarketTable } from './market-table.js';
import { matchLegs, reachesMinimum, type MatchedLegs } from './match-sizes.js';
import type { ArbitrageOptions } from './options.js';
import { PairKind, type PairTable } from './pair-table.js';
import { priceOf, type CostRates } from './receipt.js';
import { sizeByDepth, type WalkCaps, type WayOut } from './sizing.js';

/** What a pair would bring right now, computed exactly from the depth of both books. */
export interface Assessment {
  readonly bought: Walk;
  readonly sold: Walk;
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
  private readonly maximumNotional: Money;
  private readonly maximumValue: bigint;
  /** By slot, and edges by their basis points; what they follow from never changes. */
  private readonly rates: (CostRates | undefined)[] = [];
  private readonly edges = new Map<number, bigint>();

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
    this.maximumNotional = moneyFromText(options.maximumNotional, 'maximumNotional');
    this.maximumValue = fixedFromExact(this.maximumNotional, 2);
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
    const rates = (this.rates[slot] ??= this.ratesOf(bought, sold, basis));
    const { caps, byInventory } = this.caps(bought, sold);
    if (byInventory && empty(caps)) return 'inventory-missing';
    const minimumEdge = this.edgeOf(minimumEdgeBps);
    const walked = sizeByDepth({ asks, bids, wayOut, caps, ...rates, carry: rates.funding + rates.inventory, minimumEdge });
    if (walked.base <= 0n) return walked.end === 'depth' ? 'depth-too-thin' : 'slippage';
    const legs = matchLegs(walked.base, asks, bids);
    if (!legs || !reachesMinimum(legs.bought, asks.units) || !reachesMinimum(legs.sold, bids.units)) {
      if (walked.end === 'depth') return 'depth-too-thin';
      return walked.end === 'cap' && byInventory ? 'inventory-missing' : 'below-minimum-size';
    }
    return this.priced(legs, asks, bids, wayOut, rates, bought, sold, minimumEdge);
  }

  private priced(
    { bought, sold, base }: MatchedLegs,
    asks: Levels,
    bids: Levels,
    wayOut: WayOut | null,
    rates: CostRates,
    buying: InstrumentSpecification,
    selling: InstrumentSpecification,
    minimumEdge: bigint,
  ): Assessment | NotTakenReason {
    const priced = priceOf({
      bought, sold, base, wayOut, rates, currency: buying.quote, bestAsk: asks.at(0).price, bestBid: bids.at(0).price,
    });
    if (!priced) return 'depth-too-thin';
    const { receipt, net, notional, slippage, gross } = priced;
    if (net <= 0n || net * ONE < notional * minimumEdge) return 'slippage';
    const depthShare = Math.max(
      Number(bought.base) / Number(ONE) / this.asks.totalBase(buying),
      Number(sold.base) / Number(ONE) / this.bids.totalBase(selling),
    );
    return {
      bought,
      sold,
      receipt,
      netEdgeBps: Number((net * 10_000n * MONEY_UNIT) / notional) / Number(MONEY_UNIT),
      slippageShare: Math.min(1, Number(slippage) / Number(gross)),
      depthShare: Math.min(1, depthShare),
    };
  }

  private ratesOf(bought: InstrumentSpecification, sold: InstrumentSpecification, basis: boolean): CostRates {
    const { funding, inventory } = basis ? this.costs.carryOf(bought, sold) : NO_CARRY;
    return {
      buyFee: fixedFromExact(this.costs.feeOf(bought)),
      sellFee: fixedFromExact(this.costs.feeOf(sold)),
      funding: fixedFromExact(funding),
      inventory: fixedFromExact(inventory),
    };
  }

  private edgeOf(bps: number): bigint {
    const known = this.edges.get(bps);
    if (known !== undefined) return known;
    const edge = fixedFromExact(new Money(bps).div(10_000));
    this.edges.set(bps, edge);
    return edge;
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
    const held = (venue: string, currency: string): Money | null => {
      const text = this.options.inventory.available(venue, currency);
      return text === null ? null : moneyFromText(text, `inventory of ${currency} at ${venue}`);
    };
    const payable = held(bought.venue, bought.settle);
    const sellable = held(sold.venue, sold.kind === 'spot' ? sold.base : sold.settle);
    const inBase = [bought.inverse ? payable : null, sold.inverse || sold.kind === 'spot' ? sellable : null].filter((cap) => cap !== null);
    let boughtValue = this.maximumValue;
    if (payable && !bought.inverse) {
      const afterFee = WHOLE.add(this.costs.feeOf(bought));
      boughtValue = fixedFromExact(smaller(payable.div(afterFee), this.maximumNotional), 2);
    }
    return {
      caps: {
        boughtValue,
        soldValue: sold.inverse || sold.kind === 'spot' || sellable === null ? null : fixedFromExact(sellable, 2),
        base: inBase.length > 0 ? fixedFromExact(inBase.reduce(smaller)) : null,
      },
      byInventory: payable !== null || sellable !== null,
    };
  }
}

const empty = ({ boughtValue, soldValue, base }: WalkCaps): boolean =>
  [boughtValue, soldValue, base].some((cap) => cap !== null && cap <= 0n);
