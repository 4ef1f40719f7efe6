import { JetStreamApiError } from '@nats-io/jetstream';
import type { ApiError } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { Requester } from './requester.js';

/** What the server answers once it has stored a message (docs.nats.io, "JetStream wire API reference", PubAck). */
interface StoredAnswer {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: ApiError;
}

/** Publishes to a stream's subject; resolves when the message is stored. @throws JetStreamApiError when it is not. */
export async function publishStored(
  requester: Requester, subject: string, bytes: Uint8Array, headers: MsgHdrs, timeoutMs: number,
): Promise<{ sequence: number; duplicate: boolean }> {
  const answer = (await requester.ask(subject, bytes, timeoutMs, headers)).json<StoredAnswer>();
  if (answer.error !== undefined) throw new JetStreamApiError(answer.error);
  if (!Number.isSafeInteger(answer.seq)) throw new Error(`no stream answered for "${subject}"`);
  return { sequence: answer.seq!, duplicate: answer.duplicate === true };
}
