import type { Intent, Order, Refused } from '@parallax/types';
import { Collection } from './collection.js';
import type { VerdictView } from './views.js';

/** What risk said to intents. Approvals themselves are for execution alone; that one was given shows in the first order made from it. */
export class Verdicts {
  private readonly intents = new Collection<Intent>('newest', 20_000);

  onIntent(intent: Intent): void {
    this.intents.put(intent.id, intent);
  }

  ofRefusal({ intent, refusals, atUs }: Refused): VerdictView {
    const { id, opportunityId, account, strategy, plan: { notional, currency } } = intent;
    return { id, kind: 'refused', intentId: id, opportunityId, account, strategy, refusals: [...refusals], notional, currency, atUs };
  }

  ofOrder({ intentId, account, strategy, createdAtUs: atUs }: Order): VerdictView {
    const intent = this.intents.get(intentId);
    return {
      id: intentId, kind: 'approved', intentId, opportunityId: intent?.opportunityId ?? null, account, strategy, refusals: [],
      notional: intent?.plan.notional ?? null, currency: intent?.plan.currency ?? null, atUs,
    };
  }
}
