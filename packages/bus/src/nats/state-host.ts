import type { NatsConnection } from '@nats-io/transport-node';
import type { JetStream } from './nats-streams.js';

/** What shared state and its watches need of the connection that they live on. */
export interface StateHost extends JetStream {
  readonly connection: NatsConnection;
  onReconnect(listener: () => void): () => void;
  /** A watch has begun; whoever drains the connection stops it. */
  watching(watch: { stop(): void }): void;
}
