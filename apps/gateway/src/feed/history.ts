import type { Bus } from '@parallax/bus';
import { ParallaxError, type Clock, type Timers } from '@parallax/types';
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
/** After an outage no more than so many of a stream are read again: no list shows more. */
const READ_AGAIN = 10_000;

interface Dependencies {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * What the durable streams hold, told to the core beside the live messages: at the start, so that lists outlive a restart, and
 * after each outage of the bus, during which nothing was heard. The core keeps the newer of two reports, so that the order
 * between this and the live feed does not matter. While the bus is away it waits: what is passed over would be missing for good.
 */
export class History {
  /** Where the next reading of each subject begins. */
  private readonly places = new Map<string, number>();
  private reading: Promise<void> | null = null;
  private isFirst = true;
  private again = false;
  /** Whether no stream of the round refused to be read. */
  private isWhole = true;
  private stopped = false;

  constructor(
    private readonly dependencies: Dependencies,
    private readonly core: GatewayCore,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Reads what came since the last reading. Asked for during one, it is read once more after it. */
  read(): Promise<void> {
    this.again = this.reading !== null;
    this.reading ??= this.round();
    return this.reading;
  }

  stop(): void {
    this.stopped = true;
  }

  private async round(): Promise<void> {
    const { core, deadLetters, dependencies: { clock } } = this;
    do {
      this.again = false;
      this.isWhole = true;
      core.onHistory(false, clock.nowUs());
      const newest = this.isFirst ? undefined : READ_AGAIN;
      await this.stream(STREAMS.intents, patterns.intents, intentSchema, (intent) => core.onIntent(intent), newest);
      await this.stream(STREAMS.refused, patterns.refused, refusedSchema, (refusal) => core.onRefused(refusal), newest);
      await this.stream(STREAMS.orders, patterns.orders, orderSchema, (order) => core.onOrder(order), newest);
      await this.stream(STREAMS.fills, patterns.fills, fillSchema, (fill) => core.onFill(fill), newest);
      await this.stream(STREAMS.signals, patterns.opportunities, opportunitySchema, (found) => core.onOpportunity(found, clock.nowUs()), newest);
      await this.stream(STREAMS.signals, patterns.regimes, regimeEventSchema, (regime) => core.onRememberedRegime(regime), newest);
      await this.stream(STREAMS.audit, subjects.audit(), auditEntrySchema, (entry) => core.onAudit(entry), newest);
      await this.stream(STREAMS.deadLetters, patterns.deadLetters, deadLetterSchema, (letter) => deadLetters.onPast(letter), DEAD_LETTERS_KEPT);
      deadLetters.onPastRead();
      this.isFirst = false;
    } while (this.again && !this.stopped);
    this.reading = null;
    if (!this.stopped) core.onHistory(this.isWhole, clock.nowUs());
  }

  private async stream<T>(stream: string, subject: string, schema: z.ZodType<T>, take: (value: T) => void, newest?: number): Promise<void> {
    const { bus, timers, log } = this.dependencies;
    let refused = 0;
    for (let away = true; away && !this.stopped; ) {
      away = false;
      try {
        for await (const message of bus.streams.read(stream, { subject, newest, fromSequence: this.places.get(subject) ?? 1 })) {
          if (this.stopped) return;
          this.places.set(subject, message.sequence + 1);
          try {
            take(decodeJson(schema, message.bytes));
          } catch {
            refused++;
          }
        }
      } catch (error) {
        away = error instanceof ParallaxError && (error.code === 'BUS_TIMEOUT' || error.code === 'BUS_NO_RESPONDER');
        log.warn(away ? 'history cannot be read at the moment' : 'history could not be read', { stream, reason: String(error) });
        if (!away) this.isWhole = false;
        else await new Promise<void>((resolve) => void timers.after(AGAIN_MS, resolve));
      }
    }
    if (refused > 0) log.warn('messages of the history could not be read', { stream, refused });
  }
}
