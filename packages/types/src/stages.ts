import type { ServiceName } from './service-name.js';

interface Stage {
  /** Whose latency it is. */
  readonly services: readonly ServiceName[];
  /** From what to what, for people. */
  readonly meaning: string;
  /**
   * Whose clocks its two ends are of. `own`: one clock, always right. `machines`: two services', which may run on two machines;
   * where their clocks differ it is wrong by as much, and where that makes it negative it is unknown. `venue`: the venue's and ours.
   */
  readonly clocks: 'own' | 'machines' | 'venue';
}

/**
 * The way of a price to a fill, by stages of which each is measured where it ends. One list: metrics, alerts and documentation are
 * made from it. Ends meet or overlap, so that their sum is at least the whole.
 */
export const STAGES = {
  'exchange-to-received': {
    services: ['normalisation'], clocks: 'venue',
    meaning: 'the venue’s time of a quote → its frame received, beyond the fastest of the last one to two minutes: the distance of the clocks is in that and cancels out',
  },
  'received-to-published': { services: ['ingestion'], clocks: 'own', meaning: 'a frame received → handed to the bus' },
  'received-to-quote': { services: ['normalisation'], clocks: 'machines', meaning: 'a frame received → its quotes handed to the bus' },
  'received-to-taken': {
    services: ['regime', 'arbitrage', 'risk', 'execution', 'paper', 'monitoring', 'gateway'], clocks: 'machines',
    meaning: 'a frame received → its quote taken up by the service',
  },
  'quote-to-opportunity': { services: ['arbitrage'], clocks: 'own', meaning: 'a quote taken up → what it says of an opportunity stored' },
  'opportunity-to-intent': { services: ['arbitrage'], clocks: 'own', meaning: 'the strategy’s decision → its intent stored' },
  'intent-to-verdict': { services: ['risk'], clocks: 'machines', meaning: 'the strategy’s decision → the verdict stored' },
  'verdict-to-order': { services: ['execution'], clocks: 'machines', meaning: 'the verdict → the order of a leg stored' },
  'order-to-answer': { services: ['execution'], clocks: 'own', meaning: 'a stored order sent → the venue’s answer; unknown where none came' },
  'request-to-answer': { services: ['paper'], clocks: 'own', meaning: 'an order taken in by the paper venue → answered, the modelled latency included' },
  'answer-to-fill': { services: ['execution'], clocks: 'own', meaning: 'the venue’s word of a fill → the fill stored' },
  'received-to-order': {
    services: ['execution'], clocks: 'machines',
    meaning: 'end to end: the newest frame behind a decision received → the order of a leg stored',
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof STAGES;
export const STAGE_NAMES = Object.keys(STAGES) as readonly StageName[];

/** Latencies of one stage over the last half to whole minute, in microseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p99: number;
  /** How many there were, at least 1. */
  readonly count: number;
}
