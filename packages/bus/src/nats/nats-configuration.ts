import type { Topology, UserDefinition } from '../topology.js';
import { bucketStream, bucketSubject, changeSubject, inboxPrefix } from './names.js';

export interface NatsConfigurationOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  /** Port of the monitoring pages, always on loopback; left out = none. */
  readonly monitoringPort?: number;
  readonly storeDirectory: string;
  readonly serverName?: string;
  /** `always` synchronises every write with the disk; else how often, as `10s`. Default `10s`. */
  readonly syncInterval?: string;
  readonly maximumFileBytes?: number;
}

export const PROVISIONER = 'provisioner';

/** The variable from which the server reads a user's password. */
export const passwordVariable = (user: string): string => `NATS_${user.toUpperCase().replaceAll('-', '_')}_PASSWORD`;

/** What one user may publish and hear, as exact subjects. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/**
 * The least that a service needs. It may use its consumers and read its streams, and make neither: a consumer's deliver
 * subject and a stream's sources or republish reach any subject. Nor may it use direct get, or answer to whatever
 * subject a message names (`allow_responses`): both send bytes of its choice to a subject of its choice.
 */
export function permissionsOf(user: UserDefinition): NatsPermissions {
  const readable = [...user.readStreams, ...user.readBuckets.map(bucketStream)];
  const publish = [
    ...user.publish,
    ...user.append,
    ...user.consumers.flatMap(({ stream, consumer }) => [
      `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
      `$JS.ACK.${stream}.${consumer}.>`,
    ]),
    ...readable.flatMap((stream) => [`$JS.API.STREAM.INFO.${stream}`, `$JS.API.STREAM.MSG.GET.${stream}`]),
    ...user.writeBuckets.map(({ bucket, keys }) => bucketSubject(bucket, keys)),
    ...(user.answers ?? []).map((name) => `${inboxPrefix(name)}.>`),
  ];
  const subscribe = [
    ...user.subscribe,
    `${inboxPrefix(user.name)}.>`,
    ...user.readBuckets.map((bucket) => changeSubject(bucket, '>')),
  ];
  return { publish: [...new Set(publish)], subscribe: [...new Set(subscribe)] };
}

/** The text of a nats.conf with one user per service and one that provisions; passwords come from the environment. */
export function natsConfiguration(topology: Topology, options: NatsConfigurationOptions): string {
  const users = topology.users.map((user) => {
    const { publish, subscribe } = permissionsOf(user);
    return [
      `      {`,
      `        user: ${quoted(user.name)}, password: $${passwordVariable(user.name)}`,
      `        permissions: {`,
      `          publish: { allow: [${publish.map(quoted).join(', ')}] }`,
      `          subscribe: { allow: [${subscribe.map(quoted).join(', ')}] }`,
      `        }`,
      `      }`,
    ].join('\n');
  });
  return [
    `server_name: ${quoted(options.serverName ?? 'parallax')}`,
    `listen: ${quoted(`${options.host ?? '127.0.0.1'}:${options.port}`)}`,
    ...(options.monitoringPort === undefined ? [] : [`http: ${quoted(`127.0.0.1:${options.monitoringPort}`)}`]),
    `max_payload: 1048576`,
    `jetstream {`,
    `  store_dir: ${quoted(options.storeDirectory)}`,
    `  max_memory_store: 268435456`,
    `  max_file_store: ${options.maximumFileBytes ?? 64 * 2 ** 30}`,
    `  sync_interval: ${quoted(options.syncInterval ?? '10s')}`,
    `}`,
    `accounts {`,
    `  PARALLAX {`,
    `    jetstream: enabled`,
    `    users = [`,
    `      { user: ${quoted(PROVISIONER)}, password: $${passwordVariable(PROVISIONER)} }`,
    ...users,
    `    ]`,
    `  }`,
    `}`,
    ``,
  ].join('\n');
}

const quoted = (text: string): string => JSON.stringify(text);
