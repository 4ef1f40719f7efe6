import type { NatsConnection } from '@nats-io/transport-node';
import { ParallaxError } from '@parallax/types';

/**
 * What of the client's inside is used. Its version is pinned, and connecting says so where another one has it no more.
 */
interface ClientInside {
  /** Queues bytes behind all else that the client was given, and sees to it that they are flushed. */
  sendCommand(bytes: Uint8Array): void;
  /** Writes what is queued; nothing while there is no connection. */
  flushPending(): void;
  readonly outbound: { size(): number };
}

export type ClientOutlet = Pick<ClientInside, 'sendCommand'>;

/** Bytes that leave in one write at most: more than one turn of the event loop publishes at any rate that is kept up with. */
const LARGEST_WRITE_BYTES = 256 * 1_024;

/** An option of the client that its types do not name: beyond so many bytes it writes within the turn; its own default is 32 KiB. */
export const OUTLET_OPTIONS: object = { pendingLimit: LARGEST_WRITE_BYTES };

/**
 * Has the client write once at the end of each turn of the event loop. By itself it writes as soon as the microtask comes that it
 * queued with the first message, so what follows from later promises of the same turn leaves in further writes, each of which wakes
 * the server.
 */
export function outletOf(connection: NatsConnection): ClientOutlet {
  const { protocol } = connection as unknown as { readonly protocol?: Partial<ClientInside> };
  if (typeof protocol?.sendCommand !== 'function' || typeof protocol.flushPending !== 'function' || typeof protocol.outbound?.size !== 'function') {
    throw new ParallaxError('INTERNAL', 'this version of the NATS client has not the inside that the bus needs');
  }
  const inside = protocol as ClientInside;
  const write = inside.flushPending.bind(inside);
  let scheduled = false;
  const writeAtEnd = (): void => {
    scheduled = false;
    write();
  };
  inside.flushPending = () => {
    if (inside.outbound.size() >= LARGEST_WRITE_BYTES) return write();
    if (scheduled) return;
    scheduled = true;
    // Called in a microtask, it comes when none is left.
    process.nextTick(writeAtEnd);
  };
  return inside;
}
