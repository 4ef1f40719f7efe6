import type { DurableHandler, DurableMessage, DurableSubscription } from '../bus.js';
import { matches } from '../subject-match.js';
import type { BusPorts } from '../system-ports.js';
import type { ConsumerDefinition } from '../topology.js';
import type { StoredRecord, ValueStore } from './records.js';
import type { StreamStore } from './stream-store.js';

interface Pending {
  readonly record: StoredRecord;
  deliveries: number;
  cancelWait: () => void;
}
/** Told of what a handler threw, and for which subject. */
export type HandlerErrorListener = (error: unknown, subject: string) => void;

interface Member {
  readonly handler: DurableHandler;
  readonly onHandlerError: HandlerErrorListener;
  running: boolean;
  underWay: Promise<void>;
}
/** What is kept: everything before the cursor that is not pending is settled. */
interface Kept {
  readonly cursor: number;
  readonly pending: readonly (readonly [sequence: number, deliveries: number])[];
}

const READ_AHEAD = 64;
/** What cannot be read is tried again after so long. */
const READ_AGAIN_MS = 1_000;

/** One durable consumer of a stream: hands out, waits for the acknowledgement, hands out again. */
export class DurableConsumer {
  /** Messages left alone after the greatest number of deliveries. */
  poisoned = 0;
  private readonly members: Member[] = [];
  private readonly pending = new Map<number, Pending>();
  private again: number[] = [];
  private ahead: StoredRecord[] = [];
  private cursor = 1;
  private readFrom = 1;
  private reading = false;
  private scheduled = false;
  private closed = false;
  private readonly leave: () => void;

  private constructor(
    private readonly stream: StreamStore,
    readonly definition: ConsumerDefinition,
    private readonly values: ValueStore,
    private readonly ports: BusPorts,
    private readonly onError: (error: unknown, place: string) => void,
  ) {
    this.leave = stream.onCommit(() => this.schedule());
  }

  static async open(
    stream: StreamStore,
    definition: ConsumerDefinition,
    values: ValueStore,
    ports: BusPorts,
    onError: (error: unknown, place: string) => void,
  ): Promise<DurableConsumer> {
    const consumer = new DurableConsumer(stream, definition, values, ports, onError);
    const [entry] = await values.entries();
    if (entry !== undefined) await consumer.recover(JSON.parse(Buffer.from(entry[1]).toString()) as Kept);
    return consumer;
  }

  attach(handler: DurableHandler, onHandlerError: HandlerErrorListener): DurableSubscription {
    const member: Member = { handler, onHandlerError, running: false, underWay: Promise.resolve() };
    this.members.push(member);
    this.schedule();
    const waiting = (): number => Math.max(0, this.stream.committed - this.cursor + 1);
    return {
      get pending() {
        return waiting();
      },
      stop: async () => {
        const at = this.members.indexOf(member);
        if (at >= 0) this.members.splice(at, 1);
        await member.underWay;
      },
    };
  }

  close(): void {
    this.closed = true;
    this.leave();
    for (const { cancelWait } of this.pending.values()) cancelWait();
  }

  /** Keeps where it is: what it last wanted to keep may have failed. */
  async keepAgain(): Promise<void> {
    await this.keep().catch((error: unknown) => this.onError(error, this.definition.name));
  }

  private async recover(kept: Kept): Promise<void> {
    this.cursor = kept.cursor;
    this.readFrom = kept.cursor;
    for (const [sequence, deliveries] of kept.pending) {
      const [record] = await this.stream.read(sequence, 1);
      if (record?.sequence !== sequence) continue;
      this.pending.set(sequence, { record, deliveries, cancelWait: () => {} });
      this.again.push(sequence);
    }
  }

  /** One hand-out per turn of the event loop, so that a long stream does not starve the process. */
  private schedule(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    this.ports.defer(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (!this.closed) {
      const at = this.members.findIndex((candidate) => !candidate.running);
      if (at < 0) return;
      const next = this.takeNext();
      if (next === null) return;
      const [member] = this.members.splice(at, 1);
      this.members.push(member);
      this.deliver(member, next);
    }
  }

  private takeNext(): Pending | null {
    while (this.again.length > 0) {
      const pending = this.pending.get(this.again.shift()!);
      if (pending === undefined) continue;
      const { maximumDeliveries } = this.definition;
      if (maximumDeliveries > 0 && pending.deliveries >= maximumDeliveries) {
        this.poisoned++;
        void this.settle(pending.record.sequence).catch((error: unknown) => this.onError(error, this.definition.name));
        continue;
      }
      return pending;
    }
    if (this.pending.size >= this.definition.maximumPending) return null;
    const record = this.ahead.shift();
    if (record === undefined) {
      this.readAhead();
      return null;
    }
    this.cursor = record.sequence + 1;
    const pending: Pending = { record, deliveries: 0, cancelWait: () => {} };
    this.pending.set(record.sequence, pending);
    return pending;
  }

  private readAhead(): void {
    if (this.reading || this.readFrom > this.stream.committed) return;
    this.reading = true;
    const read = async (): Promise<void> => {
      const records = await this.stream.read(this.readFrom, READ_AHEAD);
      const last = records.at(-1);
      this.readFrom = last === undefined ? this.stream.committed + 1 : last.sequence + 1;
      this.ahead = records.filter((record) => matches(this.definition.filterSubject, record.subject));
      if (this.ahead.length === 0 && this.pending.size === 0) this.cursor = this.readFrom;
    };
    void read().then(
      () => {
        this.reading = false;
        if (this.ahead.length > 0 || this.readFrom <= this.stream.committed) this.schedule();
      },
      (error: unknown) => {
        this.onError(error, this.definition.name);
        this.ports.timers.after(READ_AGAIN_MS, () => {
          this.reading = false;
          this.schedule();
        });
      },
    );
  }

  private deliver(member: Member, pending: Pending): void {
    pending.deliveries++;
    pending.cancelWait = this.ports.timers.after(this.definition.acknowledgeWaitMs, () => this.handOutAgain(pending));
    this.keep().catch((error: unknown) => this.onError(error, this.definition.name));
    const message = this.messageOf(pending);
    const handle = async (): Promise<void> => {
      try {
        await member.handler(message);
      } catch (error) {
        member.onHandlerError(error, message.subject);
      }
      member.running = false;
      this.schedule();
    };
    member.running = true;
    member.underWay = handle();
  }

  private handOutAgain(pending: Pending): void {
    pending.cancelWait();
    const { sequence } = pending.record;
    if (!this.pending.has(sequence) || this.again.includes(sequence)) return;
    this.again.push(sequence);
    this.again.sort((left, right) => left - right);
    this.schedule();
  }

  private messageOf(pending: Pending): DurableMessage {
    const { record } = pending;
    return {
      subject: record.subject,
      bytes: record.bytes,
      sequence: record.sequence,
      atUs: record.atUs,
      deliveries: pending.deliveries,
      header: (name) => record.headers[name],
      headers: record.headers,
      acknowledge: () => this.settle(record.sequence),
      acknowledgeUnconfirmed: () => this.settleLater(record),
      retry: (delayMs) => {
        pending.cancelWait();
        pending.cancelWait = this.ports.timers.after(delayMs, () => this.handOutAgain(pending));
      },
      reject: () => this.settleLater(record),
    };
  }

  private settleLater({ sequence, subject }: StoredRecord): void {
    this.settle(sequence).catch((error: unknown) => this.onError(error, subject));
  }

  private async settle(sequence: number): Promise<void> {
    const pending = this.pending.get(sequence);
    if (pending === undefined) return;
    pending.cancelWait();
    this.pending.delete(sequence);
    const kept = this.keep();
    this.schedule();
    await kept;
  }

  private keep(): Promise<void> {
    const kept: Kept = {
      cursor: this.cursor,
      pending: [...this.pending].map(([sequence, { deliveries }]) => [sequence, deliveries]),
    };
    return this.values.put(this.definition.name, Buffer.from(JSON.stringify(kept)));
  }
}
