import type { Topology } from '../../src/index.js';

const NOTHING = {
  publish: [],
  subscribe: [],
  append: [],
  consumers: [],
  readStreams: [],
  readBuckets: [],
  writeBuckets: [],
};

/** A small house: `tester` may do all that the behaviours need, `guest` hardly anything. */
export const TEST_TOPOLOGY: Topology = {
  streams: [
    {
      name: 'JOBS',
      subjects: ['job.>'],
      duplicateWindowMs: 2_000,
      maximumAgeMs: 3_600_000,
      maximumBytes: 16 * 2 ** 20,
      consumers: [
        { name: 'worker', filterSubject: 'job.work.*', acknowledgeWaitMs: 400, maximumDeliveries: -1, maximumPending: 1 },
        { name: 'twice', filterSubject: 'job.twice.*', acknowledgeWaitMs: 150, maximumDeliveries: 2, maximumPending: 8 },
      ],
    },
  ],
  buckets: [{ name: 'facts', history: 5 }],
  identity: { bucket: 'facts', key: 'identity' },
  users: [
    {
      name: 'tester',
      publish: ['t.>'],
      subscribe: ['t.>', 'job.>'],
      append: ['job.>'],
      consumers: [
        { stream: 'JOBS', consumer: 'worker' },
        { stream: 'JOBS', consumer: 'twice' },
      ],
      readStreams: ['JOBS'],
      readBuckets: ['facts'],
      writeBuckets: [{ bucket: 'facts', keys: '>' }],
      answers: ['tester', 'guest'],
    },
    { ...NOTHING, name: 'guest', publish: ['t.open.*'], subscribe: ['t.open.*'], readBuckets: ['facts'] },
  ],
};
