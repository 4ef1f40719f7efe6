import type { NatsConnection } from '@nats-io/transport-node';
import { ParallaxError } from '@parallax/types';

/**
 * What of the client's inside is used: one call that queues bytes behind all else that it was given, and sends them at the end of the
 * turn. The client's version is pinned, and connecting says so where another one has it no more.
 */
export interface ClientOutlet {
  sendCommand(bytes: Uint8Array): void;
}

/** Bytes that leave in one write at most: more than one turn of the event loop publishes at any rate that is kept up with. */
export const LARGEST_WRITE_BYTES = 256 * 1_024;

/** An option of the client that its types do not name: beyond so many bytes it writes within the turn; its own default is 32 KiB. */
export const OUTLET_OPTIONS: object = { pendingLimit: LARGEST_WRITE_BYTES };

export function outletOf(connection: NatsConnection): ClientOutlet {
  const { protocol } = connection as unknown as { readonly protocol?: Partial<ClientOutlet> };
  if (typeof protocol?.sendCommand !== 'function') throw new ParallaxError('INTERNAL', 'this version of the NATS client has no sendCommand');
  return protocol as ClientOutlet;
}
