import type { OpportunityKind } from '@parallax/types';

/** How much of an opportunity can go wrong before the books move at all: both legs at once, or a position held. */
const KIND_RISK: Readonly<Record<OpportunityKind, number>> = { 'cross-venue': 0.1, basis: 0.3 };

export interface ScoreInput {
  readonly kind: OpportunityKind;
  /** The oldest leg's age as a share of its limit, the worse of both ages; 0 to 1. */
  readonly ageShare: number;
  readonly slippageShare: number;
  readonly depthShare: number;
  readonly netEdgeBps: number;
  readonly minimumEdgeBps: number;
}

/**
 * Risk from 0 (none) to 1: four independent ways to lose the edge, 1 − Π(1 − risk): the quotes' age (half of its share
 * of the limit), the share of the gross edge lost to slippage, the share of the known depth that is taken (half), and
 * the kind.
 */
export function riskScoreOf({ kind, ageShare, slippageShare, depthShare }: ScoreInput): number {
  return 1 - (1 - ageShare / 2) * (1 - slippageShare) * (1 - depthShare / 2) * (1 - KIND_RISK[kind]);
}

/**
 * Confidence from 0 to 1 that the edge is there: freshness (1 less the age's share of the limit) × margin over the
 * minimum (half at the minimum, whole at its double) × support (1 less half of the depth's share that is taken).
 */
export function confidenceOf({ ageShare, depthShare, netEdgeBps, minimumEdgeBps }: ScoreInput): number {
  const margin = minimumEdgeBps <= 0 ? 1 : Math.min(1, netEdgeBps / (2 * minimumEdgeBps));
  return (1 - ageShare) * margin * (1 - depthShare / 2);
}
