import { countingKey, type StepPlan } from '@parallax/runtime';
import type { ServiceName } from '@parallax/types';
import { patterns } from '@parallax/wire';

/** A service speaks on the bus, and in traces, under the name that its marks carry. */
export interface ServicePlan extends StepPlan {
  readonly publisher: ServiceName;
}

/** The services of a replay, in the order in which each step passes through them. */
export const STAGES = {
  normalisation: { publisher: 'normalisation', upstreams: ['player'] },
  regime: { publisher: 'regime', upstreams: ['normalisation'] },
  paper: { publisher: 'paper', upstreams: ['normalisation'] },
  arbitrage: { publisher: 'arbitrage', upstreams: ['normalisation', 'regime'], feedback: ['execution', 'risk'] },
  risk: {
    publisher: 'risk', upstreams: ['arbitrage', 'regime'], feedback: ['execution'],
    consumes: [patterns.intents, patterns.orders, patterns.fills].map(countingKey),
  },
  execution: { publisher: 'execution', upstreams: ['risk', 'paper'], consumes: [countingKey(patterns.approved)] },
} as const satisfies Record<string, ServicePlan>;

/** The service that finishes a step last. */
export const LAST_STAGE = STAGES.execution.publisher;
