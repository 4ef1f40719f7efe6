import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { ParallaxError } from '@parallax/types';
import type { BucketDefinition, ConsumerDefinition, IdentityPlace, StreamDefinition, Topology } from '../topology.js';
import { ensureIdentity } from '../identity.js';
import { systemPorts } from '../system-ports.js';
import { connectNats, openConnection } from './connect.js';
import type { NatsOptions } from './connect.js';
import { bucketStream, bucketSubject, changeSubject } from './names.js';
import { faultOf } from './nats-faults.js';
import { checkServerVersion } from './version.js';

const NANOSECONDS_PER_MS = 1_000_000;
const NOT_FOUND = [10_014, 10_059];

/** What provisioning did, by name. */
export interface Provisioned {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

type Wanted = Record<string, unknown>;

/** Everything a stream could do beyond its topology, and must not: each is a way around subject permissions. */
const NEVER = ['sources', 'mirror', 'subject_transform', 'allow_msg_schedules', 'allow_rollup_hdrs', 'allow_direct'] as const;

const streamConfig = (definition: StreamDefinition): Wanted => ({
  name: definition.name,
  subjects: definition.subjects,
  retention: 'limits',
  storage: 'file',
  discard: 'old',
  duplicate_window: definition.duplicateWindowMs * NANOSECONDS_PER_MS,
  max_age: definition.maximumAgeMs * NANOSECONDS_PER_MS,
  max_bytes: definition.maximumBytes,
  deny_delete: true,
  allow_direct: false,
  allow_rollup_hdrs: false,
});

/** A NATS KV bucket. Direct get is off (see permissionsOf), and so is roll-up, which deletes what others wrote. */
const bucketConfig = ({ name, history }: BucketDefinition): Wanted => ({
  name: bucketStream(name),
  subjects: [bucketSubject(name, '>')],
  retention: 'limits',
  storage: 'file',
  discard: 'new',
  max_msgs_per_subject: history,
  deny_delete: true,
  allow_direct: false,
  allow_rollup_hdrs: false,
  republish: { src: bucketSubject(name, '>'), dest: changeSubject(name, '>'), headers_only: true },
});

const consumerConfig = (definition: ConsumerDefinition): Wanted => ({
  durable_name: definition.name,
  filter_subject: definition.filterSubject,
  ack_policy: 'explicit',
  ack_wait: definition.acknowledgeWaitMs * NANOSECONDS_PER_MS,
  max_deliver: definition.maximumDeliveries,
  max_ack_pending: definition.maximumPending,
});

/**
 * Makes streams, consumers, buckets and the bus's identity as the topology says; what is already so is left alone. Everything is read
 * back: a server that drops a setting without a word is found out here.
 * @throws ParallaxError `CONFIG_REFUSED` naming stream and field.
 */
export async function provision(admin: NatsOptions, topology: Topology): Promise<Provisioned> {
  const connection = await openConnection(admin, () => 1_000);
  try {
    checkServerVersion(connection.info?.version ?? 'unknown');
    const manager = await jetstreamManager(connection);
    const done = { created: [] as string[], changed: [] as string[], unchanged: [] as string[] };
    for (const definition of topology.streams) {
      await ensureStream(manager, streamConfig(definition), done);
      for (const consumer of definition.consumers) {
        await ensureConsumer(manager, definition.name, consumerConfig(consumer), done);
      }
    }
    for (const bucket of topology.buckets) await ensureStream(manager, bucketConfig(bucket), done);
    if (topology.identity !== undefined) await ensureIdentityOn(admin, topology.identity, done);
    return done;
  } finally {
    await connection.close();
  }
}

type Done = Record<keyof Provisioned, string[]>;

async function ensureIdentityOn(admin: NatsOptions, { bucket, key }: IdentityPlace, done: Done): Promise<void> {
  const bus = await connectNats(admin);
  try {
    note(done, 'the identity of the bus', await ensureIdentity(bus.state(bucket), key, systemPorts().random), false);
  } finally {
    await bus.drain();
  }
}

async function ensureStream(manager: JetStreamManager, wanted: Wanted, done: Done): Promise<void> {
  const name = String(wanted.name);
  const existing = await orNull(manager.streams.info(name));
  if (existing === null) {
    await manager.streams.add(wanted as never).catch((error: unknown) => {
      throw faultOf(error, `stream ${name} cannot be made`, name, 0);
    });
  } else if (differences(wanted, existing.config).length > 0) {
    await manager.streams.update(name, { ...existing.config, ...wanted });
  }
  const { config } = await manager.streams.info(name);
  const left = differences(wanted, config);
  const record = config as unknown as Wanted;
  const extra = NEVER.filter((field) => Boolean(record[field]) && !(Array.isArray(record[field]) && record[field].length === 0));
  if (wanted.republish === undefined && record.republish !== undefined) left.push('republish');
  complain(`stream ${name}`, [...left, ...extra]);
  note(done, name, existing === null, existing !== null && differences(wanted, existing.config).length > 0);
}

async function ensureConsumer(manager: JetStreamManager, stream: string, wanted: Wanted, done: Done): Promise<void> {
  const name = String(wanted.durable_name);
  const existing = await orNull(manager.consumers.info(stream, name));
  if (existing === null) await manager.consumers.add(stream, wanted);
  else if (differences(wanted, existing.config).length > 0) await manager.consumers.update(stream, name, wanted);
  const { config } = await manager.consumers.info(stream, name);
  const extra = config.deliver_subject === undefined ? [] : ['deliver_subject'];
  complain(`consumer ${name} of stream ${stream}`, [...differences(wanted, config), ...extra]);
  note(done, `${stream}/${name}`, existing === null, existing !== null && differences(wanted, existing.config).length > 0);
}

function note(done: Done, name: string, isNew: boolean, isChanged: boolean): void {
  if (isNew) done.created.push(name);
  else if (isChanged) done.changed.push(name);
  else done.unchanged.push(name);
}

/** Fields that are not as wanted; the server leaves out what is false or zero. */
function differences(wanted: Wanted, found: object): string[] {
  const record = found as Wanted;
  return Object.keys(wanted).filter((field) => !same(wanted[field], record[field]));
}

function same(wanted: unknown, found: unknown): boolean {
  if (wanted === false || wanted === 0) return !found;
  if (typeof wanted !== 'object' || wanted === null) return wanted === found;
  if (typeof found !== 'object' || found === null) return false;
  if (Array.isArray(wanted)) return JSON.stringify(wanted) === JSON.stringify(found);
  return Object.entries(wanted).every(([field, value]) => same(value, (found as Wanted)[field]));
}

function complain(what: string, fields: readonly string[]): void {
  if (fields.length === 0) return;
  throw new ParallaxError('CONFIG_REFUSED', `${what}: the server keeps ${fields.join(', ')} differently from the topology`, {
    place: what,
  });
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_FOUND.includes(error.code)) return null;
    throw error;
  }
}
