import { hash } from 'node:crypto';
import {
  instrumentKey,
  type EventOrigin,
  type InstrumentSpecification,
  type InstrumentTable,
  type OpportunityKind,
  type OpportunityLeg,
} from '@parallax/types';
import type { Assessment } from './assessment.js';
import type { CostModel } from './costs.js';
import { averagePriceOf, type Walk } from './fill-walk.js';
import { textFromFixed } from './fixed.js';
import { Fact, type MarketTable } from './market-table.js';

/** The same opening frame, legs and kind give the same id: a replay, or a message told twice, names the same thing. */
export function opportunityId(
  kind: OpportunityKind, bought: InstrumentSpecification, sold: InstrumentSpecification, origin: EventOrigin,
): string {
  const parts = [
    kind, instrumentKey(bought.venue, bought.symbol), instrumentKey(sold.venue, sold.symbol),
    origin.venue, origin.connection, origin.frame,
  ];
  return `opp-${hash('sha256', parts.join('|')).slice(0, 24)}`;
}

/** The frame of an instrument's last quote. */
export function originOf(instrument: number, instruments: InstrumentTable, market: MarketTable): EventOrigin {
  return {
    venue: instruments.get(instrument).venue,
    connection: market.fact(instrument, Fact.connection),
    frame: market.fact(instrument, Fact.frame),
    receivedAtUs: market.fact(instrument, Fact.receivedAtUs),
  };
}

/** Both legs as they leave the package, bought one first. */
export function legsOf(
  assessment: Assessment,
  buy: number,
  sell: number,
  context: { readonly instruments: InstrumentTable; readonly market: MarketTable; readonly costs: CostModel },
  nowUs: number,
): OpportunityLeg[] {
  const { instruments, market, costs } = context;
  const leg = (instrument: number, side: 'buy' | 'sell', walk: Walk): OpportunityLeg => {
    const specification = instruments.get(instrument);
    return {
      venue: specification.venue,
      symbol: specification.symbol,
      side,
      limitPrice: textFromFixed(walk.limitPrice),
      averagePrice: averagePriceOf(walk),
      size: textFromFixed(walk.size, specification.sizeScale),
      baseSize: textFromFixed(walk.base),
      feeRate: costs.feeOf(specification).toFixed(),
      ageUs: Math.max(0, nowUs - market.fact(instrument, Fact.changedAtUs)),
      provenAgeUs: Math.max(0, nowUs - market.fact(instrument, Fact.provenAtUs)),
      updateId: market.fact(instrument, Fact.updateId),
      origin: originOf(instrument, instruments, market),
    };
  };
  return [leg(buy, 'buy', assessment.bought), leg(sell, 'sell', assessment.sold)];
}
