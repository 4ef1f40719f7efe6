import { expect, test } from '@jest/globals';
import { createMemoryBus } from '@parallax/bus';
import { InstrumentTable, type Alert, type AuditEntry, type Fill, type PlanResult } from '@parallax/types';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { MonitoringCore } from '../src/core/monitoring-core.js';
import { DEFAULT_THRESHOLDS } from '../src/core/thresholds.js';
import { PlanFeed } from '../src/plan-feed.js';

const SECOND = 1_000_000;
const fill = (id: string, size: string, atUs: number): Fill => ({
  id, orderId: 'o', intentId: 'p1', leg: 0, account: 'paper', strategy: 's', venue: 'okx', symbol: 'BTC/USDT', side: 'buy', price: '50000', size, fee: '0',
  feeCurrency: 'USDT', liquidity: 'taker', atUs,
});
const held = (revision: number, size: string, fillCount: number, finishedAtUs: number): PlanResult => ({
  intentId: 'p1', approvalId: 'a', account: 'paper', strategy: 's', outcome: 'held', currency: 'USDT', spread: '0', slippage: '0', fees: '0',
  exitCost: '0', held: '0', total: '0', passedOver: {}, revision, fillCount, otherFees: {}, dust: null, finishedAtUs,
  uneven: { venue: 'okx', symbol: 'BTC/USDT', side: 'buy', size, price: '50000' },
});
const word: AuditEntry = { id: 'e', action: 'evened', plan: 'p1', account: 'paper', who: 'ada', why: 'sold by hand', service: 'gateway', atUs: 5 * SECOND };

/** A core and what stands by it. */
function monitoring(): { core: MonitoringCore; standing: () => string[] } {
  const alerts = new Map<string, Alert>();
  const core = new MonitoringCore(DEFAULT_THRESHOLDS, SECOND, (alert) => void alerts.set(alert.subject, alert), new InstrumentTable());
  return { core, standing: () => [...alerts.values()].filter(({ resolved }) => !resolved).map(({ summary }) => summary) };
}

test('what a late fill left standing after a person had evened the plan stands after a restart of monitoring too', async () => {
  const fills = [fill('f1', '0.01', 2 * SECOND), fill('f2', '0.02', 6 * SECOND)];
  const results = [held(1, '0.01', 1, 3 * SECOND), held(2, '0.03', 2, 7 * SECOND)];
  const live = monitoring();
  live.core.onFill(fills[0]);
  live.core.onResult(results[0]);
  live.core.onAudit(word);
  live.core.onFill(fills[1]);
  live.core.onResult(results[1]);
  expect(live.standing()).toEqual([expect.stringContaining('0.03 BTC/USDT bought at okx stands alone')]);

  const bus = await createMemoryBus(TOPOLOGY);
  const execution = bus.as('execution').streams;
  for (const one of fills) await execution.append(subjects.fill('paper', 'okx'), encodeJson(one), { id: one.id });
  for (const one of results) await execution.append(subjects.result('paper'), encodeJson(one), { id: `${one.revision}` });
  await bus.as('gateway').streams.append(subjects.audit(), encodeJson(word), { id: word.id });
  const restarted = monitoring();
  const feed = new PlanFeed(restarted.core, bus.as('monitoring'), { after: () => () => {} }, { info: () => {}, warn: () => {}, error: () => {} });
  await feed.start();
  expect(feed.missing).toBeNull();
  expect(restarted.standing()).toEqual(live.standing());
  await bus.drain();
});
