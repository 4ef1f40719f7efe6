import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { openConnection } from './connect.js';
import type { NatsOptions } from './connect.js';
import { bucketStream } from './names.js';

/** How many messages a stream keeps. */
export interface StreamHolding {
  readonly stream: string;
  readonly messages: number;
}

/** What each of the streams keeps; as the provisioner, because no service may see all of them. */
export function streamHoldings(admin: NatsOptions, streams: readonly string[]): Promise<StreamHolding[]> {
  return asManager(admin, async (manager) => {
    const found: StreamHolding[] = [];
    for (const stream of streams) found.push({ stream, messages: (await manager.streams.info(stream)).state.messages });
    return found;
  });
}

/** Deletes all that the streams and buckets keep, message ids included; definitions and consumers stay. */
export function purgeStreams(admin: NatsOptions, streams: readonly string[], buckets: readonly string[]): Promise<void> {
  return asManager(admin, async (manager) => {
    for (const stream of [...streams, ...buckets.map(bucketStream)]) await manager.streams.purge(stream);
  });
}

async function asManager<T>(admin: NatsOptions, work: (manager: JetStreamManager) => Promise<T>): Promise<T> {
  const connection = await openConnection(admin, () => 1_000);
  try {
    return await work(await jetstreamManager(connection));
  } finally {
    await connection.close();
  }
}
