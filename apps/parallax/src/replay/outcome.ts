import type { Bus } from '@parallax/bus';
import type { PlanResult } from '@parallax/types';
import { decodeJson, opportunitySchema, patterns, planResultSchema, refusedSchema, STREAMS } from '@parallax/wire';
import { Amount } from '../profit/amount.js';

/** What the services made of the recordings beyond the books. */
export interface ReplayOutcome {
  readonly opportunities: { readonly opened: number; readonly updated: number; readonly closed: Readonly<Record<string, number>> };
  /** Approved plans, and refusals by code; one refused plan may count under several codes. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly fills: number;
  /** Ids of the orders, the first placed first. */
  readonly orderIds: readonly string[];
  /** Profit and loss of finished plans by currency, exact decimal text. */
  readonly pnl: Readonly<Record<string, string>>;
}

/** Reads the durable streams of a replay that has ended. */
export async function outcomeOf(bus: Bus, approved: number): Promise<ReplayOutcome> {
  const opportunities = { opened: 0, updated: 0, closed: {} as Record<string, number> };
  for await (const { bytes } of bus.streams.read(STREAMS.signals, { subject: patterns.opportunities })) {
    const { state, closeReason = 'unknown' } = decodeJson(opportunitySchema, bytes);
    if (state === 'closed') opportunities.closed[closeReason] = (opportunities.closed[closeReason] ?? 0) + 1;
    else opportunities[state]++;
  }
  const verdicts: Record<string, number> = { APPROVED: approved };
  for await (const { bytes } of bus.streams.read(STREAMS.refused, {})) {
    for (const { code } of decodeJson(refusedSchema, bytes).refusals) verdicts[code] = (verdicts[code] ?? 0) + 1;
  }
  const orders = new Set<string>();
  for await (const { bytes } of bus.streams.read(STREAMS.orders, {})) {
    orders.add((JSON.parse(new TextDecoder().decode(bytes)) as { id: string }).id);
  }
  let fills = 0;
  for await (const fill of bus.streams.read(STREAMS.fills, {})) fills += fill.bytes.length > 0 ? 1 : 0;
  // A plan that a late fill took up again has another result, which replaces the one before.
  const results = new Map<string, PlanResult>();
  for await (const { bytes } of bus.streams.read(STREAMS.results, {})) {
    const result = decodeJson(planResultSchema, bytes);
    if (result.revision > (results.get(result.intentId)?.revision ?? 0)) results.set(result.intentId, result);
  }
  const pnl: Record<string, string> = {};
  for (const { currency, total } of results.values()) pnl[currency] = Amount.of(pnl[currency] ?? '0').plus(Amount.of(total)).toString();
  return { opportunities, verdicts, orders: orders.size, fills, orderIds: [...orders], pnl };
}
