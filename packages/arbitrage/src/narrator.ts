import type { InstrumentTable, Opportunity, OpportunityCloseReason, OpportunityKind } from '@parallax/types';
import type { Assessment } from './assessment.js';
import type { CostModel } from './costs.js';
import { legsOf, opportunityId, originOf } from './describe.js';
import type { MarketTable } from './market-table.js';
import type { OpenOpportunity } from './open-book.js';
import type { ArbitrageOptions } from './options.js';
import { PairKind } from './pair-table.js';
import { confidenceOf, riskScoreOf } from './scores.js';

/** Puts what was found into the words of the house: opportunities as they are opened, updated and closed. */
export class Narrator {
  constructor(
    private readonly instruments: InstrumentTable,
    private readonly market: MarketTable,
    private readonly costs: CostModel,
    private readonly options: ArbitrageOptions,
  ) {}

  /** `trigger` is the leg whose quote opened it: the root of its trace; the other leg's frame is a link. */
  opened(pairKind: PairKind, buy: number, sell: number, trigger: number, assessment: Assessment, nowUs: number): Opportunity {
    const kind: OpportunityKind = pairKind === PairKind.basis ? 'basis' : 'cross-venue';
    const bought = this.instruments.get(buy);
    const origin = originOf(trigger, this.instruments, this.market);
    const traceparent = this.options.traceparentOf?.(origin);
    return {
      id: opportunityId(kind, bought, this.instruments.get(sell), origin),
      kind,
      base: bought.base,
      state: 'opened',
      ...this.figures(kind, buy, sell, assessment, nowUs),
      openedAtUs: nowUs,
      atUs: nowUs,
      updates: 0,
      origin,
      links: [originOf(trigger === buy ? sell : buy, this.instruments, this.market)],
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }

  updated({ told, buy, sell }: OpenOpportunity, assessment: Assessment, nowUs: number): Opportunity {
    const figures = this.figures(told.kind, buy, sell, assessment, nowUs);
    return { ...told, ...figures, state: 'updated', atUs: nowUs, updates: told.updates + 1 };
  }

  closed({ told }: OpenOpportunity, closeReason: OpportunityCloseReason, nowUs: number): Opportunity {
    return { ...told, state: 'closed', atUs: nowUs, closeReason };
  }

  private figures(
    kind: OpportunityKind, buy: number, sell: number, assessment: Assessment, nowUs: number,
  ): Pick<Opportunity, 'legs' | 'receipt' | 'riskScore' | 'confidence'> {
    const legs = legsOf(assessment, buy, sell, { instruments: this.instruments, market: this.market, costs: this.costs }, nowUs);
    const { quoteMaximumAgeUs, proofMaximumAgeUs, minimumEdgeBps } = this.options;
    const shares = legs.flatMap((leg) => [leg.ageUs / quoteMaximumAgeUs, leg.provenAgeUs / proofMaximumAgeUs]);
    const score = {
      kind,
      ageShare: Math.min(1, Math.max(...shares)),
      slippageShare: assessment.slippageShare,
      depthShare: assessment.depthShare,
      netEdgeBps: assessment.netEdgeBps,
      minimumEdgeBps,
    };
    return { legs, receipt: assessment.receipt, riskScore: riskScoreOf(score), confidence: confidenceOf(score) };
  }
}
