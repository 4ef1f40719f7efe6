import type { Subscription as NatsSubscription } from '@nats-io/transport-node';
import type { StateEntry } from '../bus.js';
import { BackOff } from '../back-off.js';
import { matches } from '../subject-match.js';
import { changeSubject } from './names.js';
import type { StateHost } from './state-host.js';

const SEQUENCE_HEADER = 'Nats-Sequence';
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;
/** So many changes may wait to be fetched; beyond it the bucket is read anew, which skips what was overwritten. */
const WAITING_LIMIT = 4_096;

interface Reader {
  entries(): Promise<StateEntry[]>;
  at(revision: number): Promise<StateEntry | null>;
}

/**
 * Follows a bucket without a consumer, which a service may not create: the server tells of each stored change (the
 * bucket's republish, headers alone), and each told revision is then read from the bucket itself. What was told is thus
 * a hint that nobody can forge into a value; after a reconnect all is read anew.
 */
export class StateWatch {
  private readonly delivered = new Map<string, number>();
  private readonly backOff: BackOff;
  private waiting: number[] = [];
  private readAll = true;
  private started = false;
  private working: Promise<void> | null = null;
  private stopped = false;
  private subscription: NatsSubscription | null = null;
  private leave = (): void => {};
  private cancelRetry = (): void => {};

  constructor(
    private readonly host: StateHost,
    private readonly bucket: string,
    private readonly pattern: string,
    private readonly listener: (entry: StateEntry) => void,
    private readonly reader: Reader,
  ) {
    this.backOff = new BackOff(host.ports.random, FIRST_RETRY_MS, LONGEST_RETRY_MS);
  }

  /** Resolves when the current entries have been told. */
  async start(): Promise<void> {
    this.subscription = this.host.connection.subscribe(changeSubject(this.bucket, this.pattern), {
      callback: (error, message) => {
        if (error !== null) return;
        const revision = Number(message.headers?.get(SEQUENCE_HEADER));
        if (Number.isSafeInteger(revision) && revision > 0) this.hint(revision);
      },
    });
    this.leave = this.host.onReconnect(() => this.refresh());
    try {
      // The server must know the subscription before the bucket is read, or a change between is missed.
      await this.host.connection.flush();
      await this.step();
    } catch (error) {
      this.stop();
      throw error;
    }
    this.started = true;
    this.work();
  }

  stop(): void {
    this.stopped = true;
    this.leave();
    this.cancelRetry();
    this.subscription?.unsubscribe();
  }

  private hint(revision: number): void {
    if (this.waiting.length >= WAITING_LIMIT) {
      this.waiting = [];
      this.readAll = true;
    }
    this.waiting.push(revision);
    if (this.started) this.work();
  }

  private refresh(): void {
    this.readAll = true;
    if (this.started) this.work();
  }

  private work(): void {
    if (this.stopped || this.working !== null) return;
    this.working = this.workOff().finally(() => {
      this.working = null;
    });
  }

  private async workOff(): Promise<void> {
    try {
      while (!this.stopped && (this.readAll || this.waiting.length > 0)) await this.step();
      this.backOff.reset();
    } catch (error) {
      this.host.onError(error, `watch of bucket ${this.bucket}`);
      this.readAll = true;
      this.cancelRetry = this.host.ports.timers.after(this.backOff.nextMs(), () => this.work());
    }
  }

  private async step(): Promise<void> {
    if (this.readAll) {
      this.readAll = false;
      // Who comes first is told what is there; what was deleted before is not news.
      for (const entry of await this.reader.entries()) {
        if (this.started || entry.bytes !== null) this.deliver(entry);
        else this.delivered.set(entry.key, entry.revision);
      }
      return;
    }
    const entry = await this.reader.at(this.waiting.shift()!);
    if (entry !== null && matches(this.pattern, entry.key)) this.deliver(entry);
  }

  private deliver(entry: StateEntry): void {
    if (this.stopped || entry.revision <= (this.delivered.get(entry.key) ?? 0)) return;
    this.delivered.set(entry.key, entry.revision);
    try {
      this.listener(entry);
    } catch (error) {
      this.host.onHandlerError(error, entry.key);
    }
  }
}
