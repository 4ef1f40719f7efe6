import { differenceOf, larger, Money, notNegative, sumOf, ZERO } from '@parallax/money';
import { instrumentKey, type Order } from '@parallax/types';
import { type Claim, partOf } from '../claims.js';
import { isFinal, type PlanRecord } from './plan-record.js';

/**
 * What a plan may still trade, and therefore reserves. Its legs are over when they ended, or when no order came by the deadline (`late`). Its exits
 * are not over with the orders of one attempt: execution may wait and try again for as long as the plan is open, so that
 * they stay reserved until its result is told. A plan of which nothing came by the deadline has none to come.
 */
export function outstandingOf(record: PlanRecord, late: boolean): Claim[] {
  if (record.approval === null) return [];
  const { ended, orders, fills } = record;
  const exitsOver = ended || (late && orders.size === 0 && fills.size === 0);
  const remaining: Claim[] = [];
  for (const claim of record.claims) {
    const rest = claim.kind === 'back' ? toTakeBack(claim, record, exitsOver) : toTrade(claim, record, exitsOver, ended || late);
    const part = partOf(claim, rest);
    if (part) remaining.push(part);
  }
  return remaining;
}

/** How much of a leg, or of an exit elsewhere, may still fill. */
function toTrade(claim: Claim, record: PlanRecord, exitsOver: boolean, legOver: boolean): Money {
  const byExits = claim.kind === 'exit' || claim.retried;
  const orders = ordersOf(claim, record);
  const rest = differenceOf(claim.size, filledOf(claim, orders, record));
  if (orders.length === 0) return (byExits ? exitsOver : legOver) ? ZERO : rest;
  const underWay = underWayOf(orders, record);
  if (exitsOver || !byExits) return underWay;
  // What was taken back of the leg may be had once more.
  return larger(underWay, claim.retried ? rest.plus(takenBackOf(claim, record)) : rest);
}

/** What of the leg has filled, less what was taken back already. */
function toTakeBack(claim: Claim, record: PlanRecord, exitsOver: boolean): Money {
  if (record.orders.size === 0 && record.fills.size === 0) return ZERO;
  const orders = ordersOf(claim, record);
  const underWay = underWayOf(orders, record);
  return exitsOver ? underWay : larger(underWay, differenceOf(filledLeg(claim, record), filledOf(claim, orders, record)));
}

/** What orders that live may still fill, and what those at their end say was filled and has not come. */
function underWayOf(orders: readonly Order[], record: PlanRecord): Money {
  let underWay = comingOf(orders, record);
  for (const order of orders) {
    if (!isFinal(order)) underWay = sumOf(underWay, notNegative(differenceOf(new Money(order.size), filledOfOrder(order.id, record))));
  }
  return underWay;
}

/** How much of the leg that a claim takes back has filled, by its fills or, where these are still to come, by its orders' word. */
function filledLeg(back: Claim, record: PlanRecord): Money {
  for (const claim of record.claims) {
    if (claim.kind !== 'leg' || claim.leg !== back.leg || claim.facts !== back.facts) continue;
    const orders = ordersOf(claim, record);
    return sumOf(filledOf(claim, orders, record), comingOf(orders, record));
  }
  return ZERO;
}

/** How much was taken back of a leg. */
function takenBackOf({ facts, leg }: Claim, record: PlanRecord): Money {
  for (const claim of record.claims) {
    if (claim.kind === 'back' && claim.leg === leg && claim.facts === facts) return filledOf(claim, ordersOf(claim, record), record);
  }
  return ZERO;
}

/** The orders that trade a claim. */
function ordersOf({ kind, facts, side, leg }: Claim, record: PlanRecord): Order[] {
  const orders: Order[] = [];
  for (const order of record.orders.values()) {
    if (order.side !== side || instrumentKey(order.venue, order.symbol) !== facts.key) continue;
    const fits = kind === 'back' ? order.purpose !== 'leg' : order.leg === leg && (kind === 'leg' || order.purpose !== 'leg');
    if (fits) orders.push(order);
  }
  return orders;
}

/** What the orders of a claim have filled, and fills that fit it whose order is not known yet. */
function filledOf({ kind, facts, side, leg }: Claim, orders: readonly Order[], record: PlanRecord): Money {
  let filled = ZERO;
  for (const fill of record.fills.values()) {
    const known = record.orders.has(fill.orderId);
    const fits = known
      ? orders.some(({ id }) => id === fill.orderId)
      : fill.key === facts.key && fill.side === side && (kind === 'back' || fill.leg === leg);
    if (fits) filled = sumOf(filled, fill.size);
  }
  return filled;
}

function filledOfOrder(orderId: string, record: PlanRecord): Money {
  let filled = ZERO;
  for (const fill of record.fills.values()) if (fill.orderId === orderId) filled = sumOf(filled, fill.size);
  return filled;
}

/** What orders at their end say was filled, and whose fills are still on their way. */
function comingOf(orders: readonly Order[], record: PlanRecord): Money {
  let coming = ZERO;
  for (const order of orders) {
    if (isFinal(order)) coming = sumOf(coming, notNegative(differenceOf(new Money(order.filledSize), filledOfOrder(order.id, record))));
  }
  return coming;
}
