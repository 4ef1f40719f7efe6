import { addTrade, averagePriceOf, emptyHolding, Money, moneyText, settledFee, toldText, ZERO, type Holding } from '@parallax/money';
import type { Fill, Position } from '@parallax/types';
import type { InstrumentFacts } from '../instrument-facts.js';

interface Entry {
  readonly account: string;
  readonly strategy: string;
  readonly facts: InstrumentFacts;
  readonly holding: Holding;
  realised: Money;
  fees: Money;
  updatedAtUs: number;
}

/** Positions by strategy, for people: limits look at the account as a whole. */
export class StrategyPositions {
  private readonly entries = new Map<string, Entry>();

  fill(fill: Fill, facts: InstrumentFacts, trade: Readonly<Holding>): void {
    const key = `${fill.strategy}|${facts.key}`;
    let entry = this.entries.get(key);
    if (!entry) {
      const { account, strategy, atUs: updatedAtUs } = fill;
      entry = { account, strategy, facts, holding: emptyHolding(), realised: ZERO, fees: ZERO, updatedAtUs };
      this.entries.set(key, entry);
    }
    entry.realised = entry.realised.plus(addTrade(entry.holding, trade, facts.inverse));
    entry.fees = entry.fees.plus(settledFee(facts, fill) ?? ZERO);
    entry.updatedAtUs = Math.max(entry.updatedAtUs, fill.atUs);
  }

  /** Realised profit and fees are in the settlement currency; fees in a third currency are in the profit alone. */
  list(): Position[] {
    return [...this.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => positionOf(entry));
  }

  toJSON(): StrategyPositionSnapshot[] {
    return [...this.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => ({
      account: entry.account,
      strategy: entry.strategy,
      venue: entry.facts.specification.venue,
      symbol: entry.facts.specification.symbol,
      size: entry.holding.size.toFixed(),
      value: entry.facts.heldValue(entry.holding).toFixed(),
      settled: entry.holding.cost.toFixed(),
      realised: entry.realised.toFixed(),
      fees: entry.fees.toFixed(),
      updatedAtUs: entry.updatedAtUs,
    }));
  }

  restore(snapshots: readonly StrategyPositionSnapshot[], factsOf: (venue: string, symbol: string) => InstrumentFacts): void {
    for (const { account, strategy, venue, symbol, updatedAtUs, ...amounts } of snapshots) {
      const facts = factsOf(venue, symbol);
      const holding = { size: new Money(amounts.size), cost: new Money(amounts.settled) };
      const entry = { account, strategy, facts, holding, realised: new Money(amounts.realised), fees: new Money(amounts.fees), updatedAtUs };
      this.entries.set(`${strategy}|${facts.key}`, entry);
    }
  }
}

export interface StrategyPositionSnapshot {
  readonly account: string;
  readonly strategy: string;
  readonly venue: string;
  readonly symbol: string;
  readonly size: string;
  readonly value: string;
  readonly settled: string;
  readonly realised: string;
  readonly fees: string;
  readonly updatedAtUs: number;
}

function positionOf({ account, strategy, facts, holding, realised, fees, updatedAtUs }: Entry): Position {
  const { venue, symbol, settle: currency } = facts.specification;
  const average = averagePriceOf(facts, holding);
  return {
    account, strategy, venue, symbol, currency, updatedAtUs,
    size: moneyText(holding.size),
    averagePrice: average && toldText(average),
    realised: toldText(realised),
    fees: moneyText(fees),
  };
}
