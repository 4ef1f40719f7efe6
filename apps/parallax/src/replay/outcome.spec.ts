import { createMemoryBus } from '@parallax/bus';
import { expect, test } from '@jest/globals';
import type { PlanResult } from '@parallax/types';
import { encodeJson, subjects, TOPOLOGY } from '@parallax/wire';
import { outcomeOf } from './outcome.js';

test('of a plan that was taken up again the newest result counts', async () => {
  const bus = await createMemoryBus(TOPOLOGY);
  const append = (intentId: string, revision: number, total: string): Promise<unknown> => {
    const result: PlanResult = {
      intentId, approvalId: `approval-${intentId}`, account: 'main', strategy: 's', revision, fillCount: revision, outcome: 'completed', currency: 'USDT',
      spread: '0', slippage: '0', fees: '0', otherFees: {}, exitCost: '0', held: '0', total, passedOver: {}, uneven: null, dust: null, finishedAtUs: revision,
    };
    return bus.as('execution').streams.append(subjects.result('main'), encodeJson(result), { id: `${intentId} ${revision}` });
  };
  await append('a', 1, '-100.5');
  await append('b', 1, '2.25');
  await append('a', 2, '0.75');
  expect((await outcomeOf(bus.as('gateway'), 2)).pnl).toEqual({ USDT: '3' });
  await bus.drain();
});
