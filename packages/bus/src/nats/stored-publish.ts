import { JetStreamApiError } from '@nats-io/jetstream';
import type { ApiError } from '@nats-io/jetstream';
import { errors, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { KeptWatch } from './kept-watch.js';
import type { Requester } from './requester.js';

/** Error codes of a server that has no room, or could not write (nats-server, server/errors.json). */
const NOT_KEPT = [10_023, 10_047, 10_077];

/** What the server answers once it has stored a message (docs.nats.io, "JetStream wire API reference", PubAck). */
interface StoredAnswer {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: ApiError;
}

/** What publishing to streams needs of a connection. */
export interface Storing {
  readonly requester: Requester;
  readonly timeoutMs: number;
  readonly kept: KeptWatch;
}

/** Publishes to the subject of a stream, `place`; resolves when the message is stored. @throws JetStreamApiError when it is not. */
export async function publishStored(
  { requester, timeoutMs, kept }: Storing, place: string, subject: string, bytes: Uint8Array, headers: MsgHdrs,
): Promise<{ sequence: number; duplicate: boolean }> {
  let reply: Msg;
  try {
    reply = await requester.ask(subject, bytes, timeoutMs, headers);
  } catch (error) {
    if (error instanceof errors.TimeoutError) kept.onUnanswered(place);
    throw error;
  }
  const answer = reply.json<StoredAnswer>();
  if (answer.error !== undefined) {
    if (NOT_KEPT.includes(answer.error.err_code)) kept.onRefused(place, answer.error.description);
    throw new JetStreamApiError(answer.error);
  }
  if (!Number.isSafeInteger(answer.seq)) throw new Error(`no stream answered for "${subject}"`);
  kept.onKept(place);
  return { sequence: answer.seq!, duplicate: answer.duplicate === true };
}
