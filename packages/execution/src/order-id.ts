import type { Order, OrderPurpose, PlanExit, PlanLeg } from '@parallax/types';
import { createHash } from 'node:crypto';
import type { PlanRun } from './plan-run.js';

/**
 * The one id of an order: 32 hexadecimal digits that follow from what the order is for, so that whoever decides twice
 * decides on the same order. Every venue takes them: Binance up to 36 characters, OKX 32 letters and digits, Kraken a
 * UUID without dashes, Coinbase any text. 128 bits of SHA-256: two intents do not meet in one id.
 * `attempt` is 0 for a leg; for an exit see {@link PlanRun.exits}.
 */
export function orderIdOf(intentId: string, leg: number, purpose: OrderPurpose, attempt: number): string {
  return createHash('sha256').update(JSON.stringify([intentId, leg, purpose, attempt])).digest('hex').slice(0, 32);
}

/** The order, not yet sent, that carries out a leg or an exit of a plan. */
export function orderOf(
  run: PlanRun, target: PlanLeg | PlanExit, purpose: OrderPurpose, attempt: number, price: string, size: string, nowUs: number,
): Order {
  const { intent, id: approvalId } = run.approved;
  const leg = 'forLeg' in target ? target.forLeg : target.leg;
  const traceparent = run.approved.traceparent ?? intent.traceparent;
  return {
    id: orderIdOf(intent.id, leg, purpose, attempt), intentId: intent.id, approvalId, leg, purpose, account: intent.account,
    strategy: intent.strategy, venue: target.venue, symbol: target.symbol, side: target.side, type: 'limit',
    timeInForce: 'timeInForce' in target ? target.timeInForce : 'IOC', price, size, filledSize: '0', averagePrice: null,
    state: 'created', venueOrderId: null, reason: null, createdAtUs: nowUs, updatedAtUs: nowUs,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
