import type { Opportunity, ServiceHealth } from '@parallax/types';
import { Collection } from './collection.js';
import { isOpen } from './stands.js';
import { isHeard } from './system/standing.js';
import type { DecisionView, OpportunityView } from './views.js';

/**
 * Opportunities with what became of them. One that is open is known to be while the arbitrage that found it is heard. Where that
 * is no more (killed, it closed nothing), the opportunity is over: who alone watched and could take it is gone.
 */
export class OpportunityBoard {
  private readonly views = new Collection<OpportunityView>('newest', 10_000, isOpen);
  /** By opportunity. */
  private readonly decisions = new Collection<DecisionView>('newest', 20_000);
  private readonly open = new Set<string>();

  /** Null where something newer is shown. */
  onOpportunity(opportunity: Opportunity, services: readonly ServiceHealth[], nowUs: number): OpportunityView | null {
    const { id, atUs, state } = opportunity;
    const shown = this.views.get(id);
    const isOver = shown?.state === 'closed' && shown.closeReason !== 'finder-gone';
    if (shown && (isOver || shown.atUs > atUs)) return null;
    const known = state === 'closed' || this.findersOf(opportunity, services).some((health) => isHeard(health, nowUs));
    return this.keep({ ...opportunity, decision: this.decisions.get(id) ?? null, known });
  }

  /** Null where nothing is to be shown. */
  onDecision(id: string, decision: DecisionView): OpportunityView | null {
    const known = this.decisions.get(id);
    if (known !== undefined && known.atUs > decision.atUs) return null;
    this.decisions.put(id, decision);
    const shown = this.views.get(id);
    return shown === undefined ? null : this.keep({ ...shown, decision });
  }

  decisionOf(id: string): DecisionView | undefined {
    return this.decisions.get(id);
  }

  /** Those whose standing changed. */
  onWake(services: readonly ServiceHealth[], nowUs: number): OpportunityView[] {
    const isAnyHeard = services.some((health) => health.service === 'arbitrage' && isHeard(health, nowUs));
    const changed: OpportunityView[] = [];
    for (const id of this.open) {
      const shown = this.views.get(id);
      if (shown === undefined) {
        this.open.delete(id);
        continue;
      }
      const finders = this.findersOf(shown, services);
      const known = finders.some((health) => isHeard(health, nowUs));
      if (finders.length === 0 && isAnyHeard) changed.push(this.keep({ ...shown, state: 'closed', closeReason: 'finder-gone', known: true }));
      else if (known !== shown.known) changed.push(this.keep({ ...shown, known }));
    }
    return changed;
  }

  /** Instances that may have found it: those that ran already. */
  private findersOf({ openedAtUs }: Pick<Opportunity, 'openedAtUs'>, services: readonly ServiceHealth[]): ServiceHealth[] {
    return services.filter(({ service, startedAtUs }) => service === 'arbitrage' && startedAtUs <= openedAtUs);
  }

  private keep(view: OpportunityView): OpportunityView {
    this.views.put(view.id, view);
    if (view.state === 'closed') this.open.delete(view.id);
    else this.open.add(view.id);
    return view;
  }
}
