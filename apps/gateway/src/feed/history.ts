import { BackOff, type Bus } from '@parallax/bus';
import { ParallaxError, type Clock, type Random, type Timers } from '@parallax/types';
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
/** Where a stream could not be read for another reason, all are read on after longer and longer, up to so long. */
const LONGEST_AGAIN_MS = 60_000;
/** After an outage no more than so many of a stream are read again: no list shows more. */
const READ_AGAIN = 10_000;

interface Dependencies {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/**
 * What the durable streams hold, told to the core beside the live messages: at the start, so that lists outlive a restart, and
 * after each outage of the bus, during which nothing was heard. The core keeps the newer of two reports, so that the order
 * between this and the live feed does not matter. While the bus is away it waits. A stream that cannot be read for another reason
 * keeps the others from nothing: they are read, and it is tried again until all that there is has been read.
 */
export class History {
  /** Where the next reading of each subject begins. */
  private readonly places = new Map<string, number>();
  private reading: Promise<void> | null = null;
  /** Subjects that have been read to their end once. */
  private readonly known = new Set<string>();
  private again = false;
  /** Whether no stream of the round refused to be read. */
  private isWhole = true;
  private stopped = false;
  private readonly backOff: BackOff;
  private cancelAgain = (): void => {};

  constructor(
    private readonly dependencies: Dependencies,
    private readonly core: GatewayCore,
    private readonly deadLetters: DeadLetters,
  ) {
    this.backOff = new BackOff(dependencies.random, AGAIN_MS, LONGEST_AGAIN_MS);
  }

  /** Reads what came since the last reading. Asked for during one, it is read once more after it. */
  read(): Promise<void> {
    this.again = this.reading !== null;
    this.reading ??= this.round();
    return this.reading;
  }

  stop(): void {
    this.stopped = true;
    this.cancelAgain();
  }

  private async round(): Promise<void> {
    const { core, deadLetters, dependencies: { clock, timers } } = this;
    this.cancelAgain();
    do {
      this.again = false;
      this.isWhole = true;
      core.onHistory(false, clock.nowUs());
      await this.stream(STREAMS.intents, patterns.intents, intentSchema, (intent) => core.onIntent(intent));
      await this.stream(STREAMS.refused, patterns.refused, refusedSchema, (refusal) => core.onRefused(refusal));
      await this.stream(STREAMS.orders, patterns.orders, orderSchema, (order) => core.onOrder(order));
      await this.stream(STREAMS.fills, patterns.fills, fillSchema, (fill) => core.onFill(fill));
      await this.stream(STREAMS.signals, patterns.opportunities, opportunitySchema, (found) => core.onOpportunity(found, clock.nowUs()));
      await this.stream(STREAMS.signals, patterns.regimes, regimeEventSchema, (regime) => core.onRememberedRegime(regime));
      await this.stream(STREAMS.audit, subjects.audit(), auditEntrySchema, (entry) => core.onAudit(entry));
      await this.stream(STREAMS.deadLetters, patterns.deadLetters, deadLetterSchema, (letter) => deadLetters.onPast(letter), DEAD_LETTERS_KEPT);
      deadLetters.onPastRead();
    } while (this.again && !this.stopped);
    this.reading = null;
    if (this.stopped) return;
    core.onHistory(this.isWhole, clock.nowUs());
    if (this.isWhole) this.backOff.reset();
    else this.cancelAgain = timers.after(this.backOff.nextMs(), () => void this.read());
  }

  private async stream<T>(stream: string, subject: string, schema: z.ZodType<T>, take: (value: T) => void, most?: number): Promise<void> {
    const { bus, timers, log } = this.dependencies;
    const newest = most ?? (this.known.has(subject) ? READ_AGAIN : undefined);
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
        this.known.add(subject);
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
