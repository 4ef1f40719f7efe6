import type { Intent, Opportunity, OpportunityLeg, PlanExit, PlanLeg } from '@parallax/types';
import { ACCOUNT, SYMBOLS, VENUE_IDS } from './market.js';

const SIZE = '0.200';
const PRICES = ['100.00', '101.00'];
const VALID_US = 5_000_000;

/** What a detector would have told: buy at the first venue, sell at the second. */
export function opportunityOf(count: number, nowUs: number): Opportunity {
  const symbol = count % SYMBOLS;
  const origin = (venue: number) => ({ venue: VENUE_IDS[venue], connection: venue + 1, frame: count, receivedAtUs: nowUs });
  const leg = (venue: number): OpportunityLeg => ({
    venue: VENUE_IDS[venue], symbol: `COIN${symbol}/USDT`, side: venue === 0 ? 'buy' : 'sell', limitPrice: PRICES[venue],
    averagePrice: PRICES[venue], size: SIZE, baseSize: SIZE, feeRate: '0.001', ageUs: 0, provenAgeUs: 0, updateId: count, origin: origin(venue),
  });
  return {
    id: `opportunity-${count}-${nowUs}`, kind: 'cross-venue', base: `COIN${symbol}`, state: 'opened', legs: [leg(0), leg(1)],
    receipt: {
      currency: 'USDT', notional: '20', grossEdge: '0.2', fees: '0.0402', slippage: '0', wayOut: '0', funding: '0', inventory: '0',
      netEdge: '0.1598', netEdgeBps: '79.9',
    },
    riskScore: 0.1, confidence: 0.9, openedAtUs: nowUs, atUs: nowUs, updates: 0, origin: origin(0), links: [origin(1)],
  };
}

/** What a strategy would want of it: both legs at once, each with a way back. */
export function intentOf(opportunity: Opportunity, nowUs: number): Intent {
  const legs = opportunity.legs.map(({ venue, symbol, side, limitPrice: price, size }, leg): PlanLeg => ({
    leg, venue, symbol, side, type: 'limit', timeInForce: 'IOC', price, size,
  }));
  const exits = legs.map(({ leg, venue, symbol, side, price, size }): PlanExit => ({
    kind: 'reverse', forLeg: 1 - leg, venue, symbol, side: side === 'buy' ? 'sell' : 'buy', price, size, costLimit: '0.4',
  }));
  return {
    id: `intent-${opportunity.id}`, account: ACCOUNT, strategy: 'bench', kind: 'arbitrage', opportunityId: opportunity.id,
    plan: { legs, exits, currency: 'USDT', notional: '20.2' }, expectedNet: '0.1598', createdAtUs: nowUs, expiresAtUs: nowUs + VALID_US,
  };
}
