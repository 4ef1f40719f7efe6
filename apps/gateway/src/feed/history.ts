import type { Bus } from '@parallax/bus';
import {
  auditEntrySchema, deadLetterSchema, decodeJson, fillSchema, intentSchema, opportunitySchema, orderSchema, patterns, planResultSchema,
  refusedSchema, regimeEventSchema, STREAMS, subjects,
} from '@parallax/wire';
import type { z } from 'zod';
import { DEAD_LETTERS_KEPT, type DeadLetters } from '../core/dead-letters.js';
import type { GatewayCore } from '../core/gateway-core.js';
import type { Log } from '../dependencies.js';

/**
 * What the durable streams still hold, told to the core beside the live messages, so that lists outlive a restart. The
 * core keeps the newer of two reports, so that the order between this and the live feed does not matter.
 */
export async function readHistory(
  bus: Bus, core: GatewayCore, deadLetters: DeadLetters, log: Log, stopped: () => boolean,
): Promise<void> {
  const read = async <T>(stream: string, subject: string, schema: z.ZodType<T>, take: (value: T) => void, newest?: number): Promise<void> => {
    let refused = 0;
    try {
      for await (const message of bus.streams.read(stream, { subject, newest })) {
        if (stopped()) return;
        try {
          take(decodeJson(schema, message.bytes));
        } catch {
          refused++;
        }
      }
    } catch (error) {
      log.warn('history could not be read', { stream, reason: String(error) });
    }
    if (refused > 0) log.warn('messages of the history could not be read', { stream, refused });
  };
  await read(STREAMS.intents, patterns.intents, intentSchema, (intent) => core.onIntent(intent));
  await read(STREAMS.refused, patterns.refused, refusedSchema, (refusal) => core.onRefused(refusal));
  await read(STREAMS.orders, patterns.orders, orderSchema, (order) => core.onOrder(order));
  await read(STREAMS.fills, patterns.fills, fillSchema, (fill) => core.onFill(fill));
  await read(STREAMS.results, patterns.results, planResultSchema, (result) => core.onResult(result));
  await read(STREAMS.signals, patterns.opportunities, opportunitySchema, (found) => core.onOpportunity(found));
  await read(STREAMS.signals, patterns.regimes, regimeEventSchema, (regime) => core.onRememberedRegime(regime));
  await read(STREAMS.audit, subjects.audit(), auditEntrySchema, (entry) => core.onAudit(entry));
  await read(STREAMS.deadLetters, patterns.deadLetters, deadLetterSchema, (letter) => deadLetters.onPast(letter), DEAD_LETTERS_KEPT);
  deadLetters.onPastRead();
}
