import type { IdentityPlace, StreamDefinition, Topology, UserDefinition } from '@parallax/bus';
import { MARKET_ROW_NAMES, marketRow } from '@parallax/types';
import { marketPattern, patterns, subjects } from './subjects.js';

const DAY_MS = 86_400_000;
const GIBIBYTE = 2 ** 30;
/** Positions and balances are the sum of all fills there ever were: they do not age, only their bytes are bounded. */
const FILLS_LAST_MS = 3_650 * DAY_MS;

/** Names of the durable streams; what each holds stands in {@link TOPOLOGY}. */
export const STREAMS = {
  signals: 'SIGNALS',
  intents: 'INTENTS',
  approved: 'APPROVED',
  refused: 'REFUSED',
  orders: 'ORDERS',
  fills: 'FILLS',
  results: 'RESULTS',
  audit: 'AUDIT',
  deadLetters: 'DEADLETTERS',
} as const;

/** Names of the durable consumers, `<service>` or `<service>-<what>`. */
export const CONSUMERS = {
  riskIntents: 'risk',
  executionApproved: 'execution',
  riskOrders: 'risk-orders',
  riskFills: 'risk-fills',
  riskResults: 'risk-results',
} as const;

/** Buckets of shared state. */
export const BUCKETS = {
  instruments: 'instruments',
  limits: 'limits',
  /** Key `halt` everywhere, `halt.<account>` for one account; values are HaltRecords. */
  halt: 'halt',
  leases: 'leases',
  apiKeys: 'api-keys',
  /** What risk and execution need not read from the beginning of the streams again, keys under their own name. */
  checkpoints: 'checkpoints',
} as const;

/** The identity of a bus, beside the leases: it says whose revisions their epochs are. Services read it and never write it. */
export const BUS_IDENTITY: IdentityPlace = { bucket: BUCKETS.leases, key: 'identity' };

/** Of what risk follows so many may be on their way: it takes each once and in order by itself, however they come. */
const FOLLOWED_AHEAD = 64;

/**
 * Approvals are taken one after the other; so many whose venues do not answer may wait to come again before they keep others from
 * being taken.
 */
const APPROVALS_WAITING = 64;

const stream = (
  name: string,
  carries: readonly string[],
  consumers: readonly { name: string; filterSubject: string; maximumPending?: number }[] = [],
  maximumAgeMs = 30 * DAY_MS,
): StreamDefinition => ({
  name,
  subjects: carries,
  duplicateWindowMs: 120_000,
  maximumAgeMs,
  maximumBytes: GIBIBYTE,
  consumers: consumers.map((consumer) => ({
    acknowledgeWaitMs: 5_000,
    maximumDeliveries: -1,
    maximumPending: 1,
    ...consumer,
  })),
});

/** Users that may ask any service about itself. */
const ASKERS = ['monitoring', 'gateway'];

/** The market rows that a service may read. */
const marketPatternsOf = (service: string): string[] =>
  MARKET_ROW_NAMES.filter((name) => marketRow(name).readBy.some((reader) => reader === service)).map(marketPattern);

/** Every service answers questions about itself and reads its market rows; else it has the rights that are given. */
const user = (name: string, rights: Partial<Omit<UserDefinition, 'name'>>): UserDefinition => ({
  name,
  append: [],
  consumers: [],
  readStreams: [],
  readBuckets: [BUCKETS.instruments],
  writeBuckets: [],
  ...rights,
  publish: [...(rights.publish ?? []), ...(ASKERS.includes(name) ? [patterns.healthQuestions] : [])],
  subscribe: [...marketPatternsOf(name), ...(rights.subscribe ?? []), subjects.control(name, 'health')],
  answers: [...new Set([...(rights.answers ?? []), ...ASKERS])],
});

/** Everything that a provisioner makes: streams, consumers, buckets, and each service's least permissions. */
export const TOPOLOGY: Topology = {
  streams: [
    stream(STREAMS.signals, ['signal.>']),
    stream(STREAMS.intents, [patterns.intents], [{ name: CONSUMERS.riskIntents, filterSubject: patterns.intents }]),
    stream(STREAMS.approved, [patterns.approved], [{ name: CONSUMERS.executionApproved, filterSubject: patterns.approved, maximumPending: APPROVALS_WAITING }]),
    stream(STREAMS.refused, [patterns.refused]),
    stream(STREAMS.orders, [patterns.orders], [{ name: CONSUMERS.riskOrders, filterSubject: patterns.orders, maximumPending: FOLLOWED_AHEAD }]),
    stream(
      STREAMS.fills, [patterns.fills], [{ name: CONSUMERS.riskFills, filterSubject: patterns.fills, maximumPending: FOLLOWED_AHEAD }], FILLS_LAST_MS,
    ),
    stream(STREAMS.results, [patterns.results], [{ name: CONSUMERS.riskResults, filterSubject: patterns.results, maximumPending: FOLLOWED_AHEAD }]),
    stream(STREAMS.audit, ['risk.audit']),
    stream(STREAMS.deadLetters, [patterns.deadLetters]),
  ],
  buckets: Object.values(BUCKETS).map((name) => ({ name, history: 5 })),
  identity: BUS_IDENTITY,
  users: [
    user('ingestion', {
      publish: ['md.raw.>', 'md.clock.*', 'ops.>'],
      subscribe: [patterns.snapshots, patterns.listings, patterns.clocks, subjects.traceKeep()],
      answers: ['normalisation'],
      writeBuckets: [
        { bucket: BUCKETS.instruments, keys: '>' },
        { bucket: BUCKETS.leases, keys: 'ingestion.>' },
      ],
      readBuckets: [BUCKETS.instruments, BUCKETS.leases],
    }),
    user('normalisation', {
      publish: [...MARKET_ROW_NAMES.map(marketPattern), 'md.clock.*', 'ops.>', patterns.snapshots, patterns.listings],
      // Of two ingestions it tells who they are.
      subscribe: [patterns.raw, patterns.clocks, patterns.keyframes, subjects.traceKeep(), subjects.serviceHealth('ingestion')],
      answers: ['arbitrage', 'gateway', 'paper'],
      append: [patterns.deadLetters],
      readBuckets: [BUCKETS.instruments, BUCKETS.leases],
      writeBuckets: [{ bucket: BUCKETS.leases, keys: 'normalisation.>' }],
    }),
    user('regime', {
      publish: ['ops.>', 'md.clock.*', patterns.standingRegimes],
      subscribe: [patterns.clocks, subjects.traceKeep()],
      append: ['signal.regime.>'],
    }),
    user('arbitrage', {
      publish: ['ops.>', 'md.clock.*', 'venue.keyframe.*', patterns.passed],
      // Its strategy learns what became of its intents.
      subscribe: [patterns.clocks, patterns.regimes, patterns.refused, patterns.results, subjects.traceKeep()],
      append: ['signal.opportunity.>', patterns.intents],
    }),
    user('risk', {
      publish: ['ops.>', 'md.clock.*', 'risk.alive'],
      // Of two normalisations it tells who they are.
      subscribe: [
        patterns.clocks, patterns.regimes, patterns.standingRegimes, 'risk.halt', 'risk.resume', 'risk.limits',
        subjects.serviceHealth('normalisation'),
      ],
      answers: ['gateway'],
      append: [patterns.approved, patterns.refused, 'risk.audit'],
      consumers: [
        { stream: STREAMS.intents, consumer: CONSUMERS.riskIntents },
        { stream: STREAMS.orders, consumer: CONSUMERS.riskOrders },
        { stream: STREAMS.fills, consumer: CONSUMERS.riskFills },
        // Until a plan's result is told, its exits may still come.
        { stream: STREAMS.results, consumer: CONSUMERS.riskResults },
      ],
      readStreams: [STREAMS.approved, STREAMS.refused, STREAMS.orders, STREAMS.fills, STREAMS.results],
      readBuckets: [BUCKETS.instruments, BUCKETS.limits, BUCKETS.halt, BUCKETS.leases, BUCKETS.checkpoints],
      writeBuckets: [
        { bucket: BUCKETS.halt, keys: '>' },
        { bucket: BUCKETS.limits, keys: '>' },
        { bucket: BUCKETS.leases, keys: 'risk.>' },
        { bucket: BUCKETS.checkpoints, keys: 'risk.>' },
      ],
    }),
    user('execution', {
      publish: ['ops.>', 'md.clock.*', patterns.positions, patterns.profits, patterns.venueOrders],
      subscribe: [patterns.clocks, 'risk.alive', patterns.venueReports],
      append: [patterns.orders, patterns.fills, patterns.results, subjects.audit()],
      consumers: [{ stream: STREAMS.approved, consumer: CONSUMERS.executionApproved }],
      readStreams: [STREAMS.approved, STREAMS.orders, STREAMS.fills, STREAMS.results],
      readBuckets: [BUCKETS.instruments, BUCKETS.halt, BUCKETS.leases, BUCKETS.checkpoints],
      // It halts an account whose venue tells what must not be, never everything.
      writeBuckets: [
        { bucket: BUCKETS.halt, keys: 'halt.>' },
        { bucket: BUCKETS.leases, keys: 'execution.>' },
        { bucket: BUCKETS.checkpoints, keys: 'execution.>' },
      ],
    }),
    user('paper', {
      publish: ['ops.>', 'md.clock.*', patterns.venueReports, patterns.keyframes],
      subscribe: [patterns.clocks, patterns.venueOrders],
      answers: ['execution'],
      readBuckets: [BUCKETS.instruments, BUCKETS.leases],
      writeBuckets: [{ bucket: BUCKETS.leases, keys: 'paper.>' }],
    }),
    user('monitoring', {
      publish: ['ops.>'],
      // Fills and results tell which plans ended with a leg that stands alone.
      subscribe: ['ops.>', patterns.clocks, patterns.fills, patterns.results, subjects.audit()],
      readStreams: [STREAMS.fills, STREAMS.results, STREAMS.audit],
    }),
    user('gateway', {
      publish: ['ops.health.*', 'risk.halt', 'risk.resume', 'risk.limits', 'venue.keyframe.*'],
      // Not approvals: those are for execution alone.
      subscribe: [
        patterns.standingRegimes, 'signal.>', patterns.passed, patterns.intents, patterns.refused, patterns.orders,
        patterns.fills, patterns.positions, patterns.profits, 'ops.>', 'risk.>',
      ],
      append: ['risk.audit'],
      readStreams: Object.values(STREAMS).filter((name) => name !== STREAMS.approved),
      readBuckets: [BUCKETS.instruments, BUCKETS.limits, BUCKETS.halt, BUCKETS.apiKeys],
      writeBuckets: [{ bucket: BUCKETS.halt, keys: '>' }],
    }),
  ],
};
