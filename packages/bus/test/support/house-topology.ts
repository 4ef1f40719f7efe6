import type { Topology, UserDefinition } from '../../src/index.js';

const stream = (name: string, subjects: string[], consumers: { name: string; filterSubject: string }[] = []): Topology['streams'][number] => ({
  name,
  subjects,
  duplicateWindowMs: 120_000,
  maximumAgeMs: 3_600_000,
  maximumBytes: 2 ** 24,
  consumers: consumers.map((consumer) => ({ ...consumer, acknowledgeWaitMs: 500, maximumDeliveries: -1, maximumPending: 1 })),
});

const user = (name: string, rights: Partial<UserDefinition>): UserDefinition => ({
  name,
  publish: ['ops.>'],
  subscribe: [],
  append: [],
  consumers: [],
  readStreams: [],
  readBuckets: ['instruments'],
  writeBuckets: [],
  ...rights,
});

/** The part of the real topology around approvals (packages/wire has the whole, but stands above this package). */
export const HOUSE: Topology = {
  streams: [
    stream('SIGNALS', ['signal.>']),
    stream('INTENTS', ['exec.intent.*'], [{ name: 'risk', filterSubject: 'exec.intent.*' }]),
    stream('APPROVED', ['exec.approved.*'], [{ name: 'execution', filterSubject: 'exec.approved.*' }]),
    stream('AUDIT', ['risk.audit']),
  ],
  buckets: ['instruments', 'halt', 'leases'].map((name) => ({ name, history: 5 })),
  identity: { bucket: 'leases', key: 'identity' },
  users: [
    user('ingestion', {
      readBuckets: ['instruments', 'leases'],
      writeBuckets: [
        { bucket: 'instruments', keys: '>' },
        { bucket: 'leases', keys: 'ingestion.>' },
      ],
    }),
    user('arbitrage', { append: ['signal.opportunity.>', 'exec.intent.*'] }),
    user('risk', {
      subscribe: ['risk.halt'],
      answers: ['gateway'],
      append: ['exec.approved.*', 'risk.audit'],
      consumers: [{ stream: 'INTENTS', consumer: 'risk' }],
      readStreams: ['APPROVED'],
      readBuckets: ['instruments', 'halt', 'leases'],
      writeBuckets: [
        { bucket: 'halt', keys: '>' },
        { bucket: 'leases', keys: 'risk.>' },
      ],
    }),
    user('execution', {
      consumers: [{ stream: 'APPROVED', consumer: 'execution' }],
      readBuckets: ['instruments', 'halt', 'leases'],
      writeBuckets: [{ bucket: 'leases', keys: 'execution.>' }],
    }),
    user('monitoring', { subscribe: ['ops.>'] }),
    user('gateway', {
      publish: ['ops.health.*', 'risk.halt'],
      subscribe: ['signal.>', 'exec.>'],
      append: ['risk.audit'],
      readStreams: ['SIGNALS', 'INTENTS', 'APPROVED', 'AUDIT'],
      readBuckets: ['instruments', 'halt'],
      writeBuckets: [{ bucket: 'halt', keys: '>' }],
    }),
  ],
};
