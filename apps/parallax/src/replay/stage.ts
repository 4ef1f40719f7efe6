import { countingKey, type StepPlan } from '@parallax/runtime';
import { ParallaxError, type ServiceName } from '@parallax/types';
import { patterns } from '@parallax/wire';

/** A service speaks on the bus, and in traces, under the name that its marks carry. */
export interface ServicePlan extends StepPlan {
  readonly publisher: ServiceName;
}

/** The services of a replay, in the order in which each step passes through them. */
const STAGES: readonly ServicePlan[] = [
  { publisher: 'normalisation', upstreams: ['player'] },
  { publisher: 'regime', upstreams: ['normalisation'] },
  { publisher: 'paper', upstreams: ['normalisation'] },
  { publisher: 'arbitrage', upstreams: ['normalisation', 'regime'], feedback: ['execution', 'risk'] },
  {
    publisher: 'risk', upstreams: ['arbitrage', 'regime'], feedback: ['execution'],
    consumes: [patterns.intents, patterns.orders, patterns.fills, patterns.results].map(countingKey),
  },
  { publisher: 'execution', upstreams: ['risk', 'paper'], consumes: [countingKey(patterns.approved)] },
];

/** The service that finishes a step last. */
export const LAST_STAGE = STAGES.at(-1)!.publisher;

export function planOf(service: ServiceName): ServicePlan {
  const plan = STAGES.find(({ publisher }) => publisher === service);
  if (plan === undefined) throw new ParallaxError('INTERNAL', `${service} has no place among the stages of a replay`);
  return plan;
}
