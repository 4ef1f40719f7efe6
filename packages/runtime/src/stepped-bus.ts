import type {
  Bus, BusMessage, DurableHandler, DurableMessage, DurableStreams, DurableSubscription, Headers, MessageHandler,
  StateBucket, SubscribeOptions, Subscription,
} from '@parallax/bus';
import { Column, HEADER_COLUMNS, layoutOf, RowKind } from '@parallax/types';
import { nextTurn } from './system-turn.js';
import { countingKey, decodeMark, encodeMark, markSubject, type StepMark } from './step-clock.js';

/** Who waits for whom within one step of a replay. */
export interface StepPlan {
  /** This service's name as a publisher of marks. */
  readonly publisher: string;
  /** Publishers whose marks must have come before this service's step runs. */
  readonly upstreams: readonly string[];
  /** Publishers whose durable messages of the step before are awaited too: the way back, from execution to risk. */
  readonly feedback?: readonly string[];
  /** Durable subjects that this service consumes, by their first two tokens. */
  readonly consumes?: readonly string[];
}

interface Held {
  readonly handler: MessageHandler;
  readonly message: BusMessage;
  readonly atUs: number;
}

/** The service's clock, as the bus moves it. */
export interface SteppedTime {
  /** Up to this moment, in microseconds, ringing what falls due on the way; never back. */
  advanceTo(us: number): void;
}

/** Subjects whose messages wait for the step; requests, state and operations pass at once. */
const HELD = /^(md|signal|exec|risk|venue\.report)\./;

/**
 * A bus for replay: holds what a service hears until its upstreams have finished the step, then hands it over in the
 * order of event time, with the service's clock moving along. The service does not know; live it gets the bus itself.
 * So a replay gives the same result over every transport.
 */
export class SteppedBus implements Bus {
  readonly streams: DurableStreams;
  private held: Held[] = [];
  private readonly marks = new Map<string, StepMark>();
  private readonly appended: Record<string, number> = {};
  private readonly handled: Record<string, number> = {};
  private readonly waiting = new Map<string, { message: DurableMessage; handler: DurableHandler; done(): void }[]>();
  private arrived: () => void = () => {};
  private outstanding = 0;
  private received = 0;
  private released = -1;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly inner: Bus,
    private readonly plan: StepPlan,
    private readonly time: SteppedTime,
    private readonly onError: (error: unknown) => void,
  ) {
    this.streams = {
      append: (subject, bytes, options) => this.append(subject, bytes, options),
      consume: (stream, consumer, handler) => this.consume(stream, consumer, handler),
      read: (stream, options) => this.trackedRead(inner.streams.read(stream, options)),
    };
    for (const publisher of [...plan.upstreams, ...(plan.feedback ?? [])]) {
      inner.subscribe(markSubject(publisher), (message) => this.onMark(decodeMark(message.bytes)));
    }
  }

  get transport(): Bus['transport'] {
    return this.inner.transport;
  }

  publish(subject: string, bytes: Uint8Array, headers?: Headers): void {
    this.inner.publish(subject, bytes, headers);
  }

  subscribe(pattern: string, handler: MessageHandler, options?: SubscribeOptions): Subscription {
    if (!HELD.test(pattern)) return this.inner.subscribe(pattern, handler, options);
    return this.inner.subscribe(pattern, (message) => this.hold(message, handler), options);
  }

  request(subject: string, bytes: Uint8Array, options: { timeoutMs: number; headers?: Headers }): Promise<BusMessage> {
    return this.tracked(this.inner.request(subject, bytes, options));
  }

  /** Reads and writes of state are waited for like appends. */
  state(bucket: string): StateBucket {
    const state = this.inner.state(bucket);
    return {
      get: (key) => this.tracked(state.get(key)),
      put: (key, bytes, expectedRevision) => this.tracked(state.put(key, bytes, expectedRevision)),
      delete: (key, expectedRevision) => this.tracked(state.delete(key, expectedRevision)),
      keys: (pattern) => this.tracked(state.keys(pattern)),
      deleted: (pattern) => this.tracked(state.deleted(pattern)),
      watch: (pattern, listener) => state.watch(pattern, listener),
    };
  }
  flush(): Promise<void> {
    return this.inner.flush();
  }
  async drain(): Promise<void> {
    await this.running;
    await this.inner.drain();
  }
  onStatus(listener: Parameters<Bus['onStatus']>[0]): () => void {
    return this.inner.onStatus(listener);
  }

  onFault(listener: Parameters<Bus['onFault']>[0]): () => void {
    return this.inner.onFault(listener);
  }

  private hold(message: BusMessage, handler: MessageHandler): void {
    this.received++;
    const bytes = message.bytes.slice();
    const kept: BusMessage = {
      subject: message.subject,
      bytes,
      header: (name) => message.header(name),
      headers: message.headers,
      wantsAnswer: message.wantsAnswer,
      respond: (answer) => message.respond(answer),
    };
    this.held.push({ handler, message: kept, atUs: rowTime(bytes) });
  }

  private onMark(mark: StepMark): void {
    this.marks.set(mark.publisher, mark);
    for (const upstream of this.plan.upstreams) if ((this.marks.get(upstream)?.step ?? -1) < mark.step) return;
    if (mark.step <= this.released) return;
    this.released = mark.step;
    this.running = this.running.then(() => this.release(mark)).catch(this.onError);
  }

  /**
   * Waits for what was published before the mark. It has arrived, but a bus keeps order within a subscription, not among
   * them: the mark may be handled while earlier messages of a busier subscription still wait for their turn. Each turn
   * of the bus handles at least one of them, so that two without any mean that none waits.
   */
  private async caughtUp(): Promise<void> {
    let seen = -1;
    for (let quiet = 0; quiet < 2; quiet++) {
      if (this.received !== seen) quiet = 0;
      seen = this.received;
      await nextTurn();
    }
  }

  private async release(mark: StepMark): Promise<void> {
    await this.caughtUp();
    const due = this.held;
    this.held = [];
    for (const held of due) if (held.atUs === 0) (held as { atUs: number }).atUs = mark.nowUs;
    due.sort((a, b) => a.atUs - b.atUs);
    for (const held of due) {
      this.time.advanceTo(Math.min(held.atUs, mark.nowUs));
      try {
        held.handler(held.message);
      } catch (error) {
        this.onError(error);
      }
    }
    this.time.advanceTo(mark.nowUs);
    await this.settle();
    await this.drainDurable();
    const own: StepMark = { ...mark, publisher: this.plan.publisher, appended: { ...this.appended } };
    this.inner.publish(markSubject(this.plan.publisher), encodeMark(own));
    await this.inner.flush();
  }

  /** Hands over durable messages, stream by stream, until all that upstreams announced were handled and have come to rest. */
  private async drainDurable(): Promise<void> {
    for (const key of [...(this.plan.consumes ?? [])].toSorted()) {
      const announced = (): number => [...this.marks.values()].reduce((sum, mark) => sum + (mark.appended[key] ?? 0), 0);
      while ((this.handled[key] ?? 0) < announced()) {
        const next = this.waiting.get(key)?.shift();
        if (!next) {
          await new Promise<void>((resolve) => (this.arrived = resolve));
          continue;
        }
        try {
          await next.handler(next.message);
        } catch (error) {
          this.onError(error);
        }
        this.handled[key] = (this.handled[key] ?? 0) + 1;
        next.done();
        await this.settle();
      }
    }
  }

  /** Waits until what the service started (appends, requests, reads) has come to rest. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      await nextTurn();
      while (this.outstanding > 0) {
        quiet = 0;
        await nextTurn();
      }
    }
  }

  private async append(subject: string, bytes: Uint8Array, options: Parameters<DurableStreams['append']>[2]): ReturnType<DurableStreams['append']> {
    const stored = await this.tracked(this.inner.streams.append(subject, bytes, options));
    if (!stored.duplicate) {
      const key = countingKey(subject);
      this.appended[key] = (this.appended[key] ?? 0) + 1;
    }
    return stored;
  }

  private consume(stream: string, consumer: string, handler: DurableHandler): Promise<DurableSubscription> {
    return this.inner.streams.consume(stream, consumer, (message) => {
      const key = countingKey(message.subject);
      return new Promise<void>((done) => {
        const queue = this.waiting.get(key) ?? [];
        queue.push({ message, handler, done });
        this.waiting.set(key, queue);
        this.arrived();
      });
    });
  }

  private async *trackedRead<T>(source: AsyncIterable<T>): AsyncIterable<T> {
    this.outstanding++;
    try {
      yield* source;
    } finally {
      this.outstanding--;
    }
  }

  private async tracked<T>(work: Promise<T>): Promise<T> {
    this.outstanding++;
    try {
      return await work;
    } finally {
      this.outstanding--;
    }
  }
}

/** Every kind of row that there is: one that were missing here would be handed over at the end of its step, out of order. */
const LAYOUTS: ReadonlySet<number> = new Set(Object.values(RowKind).map(layoutOf));

/** Receive time of a hot row; 0 for messages that are none. */
function rowTime(bytes: Uint8Array): number {
  if (bytes.byteLength < HEADER_COLUMNS * 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = view.getFloat64(Column.layout * 8, true);
  if (!LAYOUTS.has(layout)) return 0;
  return view.getFloat64(Column.receivedAtUs * 8, true);
}
