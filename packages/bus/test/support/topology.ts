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

/** Longer than any test: what comes again although it was acknowledged is a fault, and not a machine that was slow. */
const PATIENT_MS = 600_000;

/** A small house: `tester` may do all that the behaviours need, `guest` hardly anything. */
export const TEST_TOPOLOGY: Topology = {
  streams: [
    {
      name: 'JOBS',
      subjects: ['job.>'],
      duplicateWindowMs: PATIENT_MS,
      maximumAgeMs: 3_600_000,
      maximumBytes: 16 * 2 ** 20,
      consumers: [
        { name: 'worker', filterSubject: 'job.work.*', acknowledgeWaitMs: PATIENT_MS, maximumDeliveries: -1, maximumPending: 1 },
        { name: 'again', filterSubject: 'job.again.*', acknowledgeWaitMs: 400, maximumDeliveries: -1, maximumPending: 1 },
        { name: 'twice', filterSubject: 'job.twice.*', acknowledgeWaitMs: 400, maximumDeliveries: 2, maximumPending: 8 },
      ],
    },
    { name: 'BRIEF', subjects: ['brief.>'], duplicateWindowMs: 200, maximumAgeMs: 3_600_000, maximumBytes: 2 ** 20, consumers: [] },
  ],
  buckets: [{ name: 'facts', history: 5 }],
  identity: { bucket: 'facts', key: 'identity' },
  users: [
    {
      name: 'tester',
      publish: ['t.>'],
      subscribe: ['t.>', 'job.>'],
      append: ['job.>', 'brief.>'],
      consumers: [
        { stream: 'JOBS', consumer: 'worker' },
        { stream: 'JOBS', consumer: 'again' },
        { stream: 'JOBS', consumer: 'twice' },
      ],
      readStreams: ['JOBS', 'BRIEF'],
      readBuckets: ['facts'],
      writeBuckets: [{ bucket: 'facts', keys: '>' }],
      answers: ['tester', 'guest'],
    },
    { ...NOTHING, name: 'guest', publish: ['t.open.*'], subscribe: ['t.open.*'], readBuckets: ['facts'] },
  ],
};
