import type { Bus } from '@parallax/bus';
import { ParallaxError, type Timers } from '@parallax/types';
import {
  auditEntrySchema, deadLetterSchema, decodeJson, fillSchema, intentSchema, opportunitySchema, orderSchema, patterns,
  refusedSchema, regimeEventSchema, STREAMS, subjects,
} from '@parallax/wire';
import type { z } from 'zod';
import { DEAD_LETTERS_KEPT, type DeadLetters } from '../core/dead-letters.js';
import type { GatewayCore } from '../core/gateway-core.js';
import type { Log } from '../dependencies.js';

/** Where nobody answers for a stream, it is asked again after so long. */
const AGAIN_MS = 1_000;

/**
 * What the durable streams still hold, told to the core beside the live messages, so that lists outlive a restart. The
 * core keeps the newer of two reports, so that the order between this and the live feed does not matter. While the bus is
 * away it waits: what is passed over would be missing for good.
 */
export async function readHistory(
  bus: Bus, timers: Timers, core: GatewayCore, deadLetters: DeadLetters, log: Log, stopped: () => boolean,
): Promise<void> {
  const read = async <T>(stream: string, subject: string, schema: z.ZodType<T>, take: (value: T) => void, newest?: number): Promise<void> => {
    let refused = 0;
    let fromSequence = 1;
    for (let away = true; away && !stopped(); ) {
      away = false;
      try {
        for await (const message of bus.streams.read(stream, { subject, newest, fromSequence })) {
          if (stopped()) return;
          fromSequence = message.sequence + 1;
          try {
            take(decodeJson(schema, message.bytes));
          } catch {
            refused++;
          }
        }
      } catch (error) {
        away = error instanceof ParallaxError && (error.code === 'BUS_TIMEOUT' || error.code === 'BUS_NO_RESPONDER');
        log.warn(away ? 'history cannot be read at the moment' : 'history could not be read', { stream, reason: String(error) });
        if (away) await new Promise<void>((resolve) => void timers.after(AGAIN_MS, resolve));
      }
    }
    if (refused > 0) log.warn('messages of the history could not be read', { stream, refused });
  };
  await read(STREAMS.intents, patterns.intents, intentSchema, (intent) => core.onIntent(intent));
  await read(STREAMS.refused, patterns.refused, refusedSchema, (refusal) => core.onRefused(refusal));
  await read(STREAMS.orders, patterns.orders, orderSchema, (order) => core.onOrder(order));
  await read(STREAMS.fills, patterns.fills, fillSchema, (fill) => core.onFill(fill));
  await read(STREAMS.signals, patterns.opportunities, opportunitySchema, (found) => core.onOpportunity(found));
  await read(STREAMS.signals, patterns.regimes, regimeEventSchema, (regime) => core.onRememberedRegime(regime));
  await read(STREAMS.audit, subjects.audit(), auditEntrySchema, (entry) => core.onAudit(entry));
  await read(STREAMS.deadLetters, patterns.deadLetters, deadLetterSchema, (letter) => deadLetters.onPast(letter), DEAD_LETTERS_KEPT);
  deadLetters.onPastRead();
}
