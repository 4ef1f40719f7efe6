import { ParallaxError } from '@parallax/types';
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { closed, conflict, missing, noResponder, refused, timedOut } from '../faults.js';

/** Error codes of the JetStream API (nats-server, server/errors.json). */
const WRONG_LAST_SEQUENCE = [10_071, 10_164];
const NOT_FOUND = [10_014, 10_059];

function* causesOf(error: unknown): Generator {
  for (let depth = 0; error !== undefined && error !== null && depth < 6; depth++) {
    yield error;
    error = (error as { cause?: unknown }).cause;
  }
}

/** Who has to answer where it is not another service. */
export const SERVER = 'NATS (the server of NATS_URL)';

/**
 * The port's own error for one of the client's. `place` is the subject, stream or key it was about; `who` should have
 * answered, null for whoever listens there.
 */
export function faultOf(error: unknown, what: string, place: string, timeoutMs: number, who: string | null = SERVER): ParallaxError {
  for (const cause of causesOf(error)) {
    if (cause instanceof ParallaxError) return cause;
    if (cause instanceof errors.PermissionViolationError) return refused(what, error);
    if (cause instanceof errors.TimeoutError) return timedOut(what, timeoutMs, who ?? undefined);
    if (cause instanceof errors.NoRespondersError) return noResponder(place);
    if (cause instanceof errors.ClosedConnectionError || cause instanceof errors.DrainingConnectionError) return closed();
    if (cause instanceof JetStreamApiError) {
      if (WRONG_LAST_SEQUENCE.includes(cause.code)) return conflict(place);
      if (NOT_FOUND.includes(cause.code)) return missing(place);
      return new ParallaxError('BUS_REFUSED', `${what}: ${cause.message}`, { cause: error, place });
    }
  }
  return new ParallaxError('INTERNAL', `${what}: ${String(error)}`, { cause: error, outcomeUnknown: true, place });
}
