import type { MessagePort } from 'node:worker_threads';
import { ParallaxError } from '@parallax/types';
import type { Bus, BusMessage } from '../bus.js';
import { systemPorts, type BusPorts } from '../system-ports.js';
import { Fields } from './fields.js';
import { Outbox } from './outbox.js';
import { bytesOf, LIMIT_BYTES, LIMIT_CALLS, LIMIT_OPERATIONS, ownBytes, plainFault } from './protocol.js';
import { ServedConsumers } from './served-consumers.js';
import { ServedReads } from './served-reads.js';
import { ServedState } from './served-state.js';
import { ServedSubscriptions } from './served-subscriptions.js';

export interface ServeOptions {
  readonly ports?: Partial<Pick<BusPorts, 'clock' | 'defer'>>;
  /** Told of what the using side sent that could not be taken, at most once a second, with how often it happened since. */
  readonly onRefused?: (error: Error, times: number) => void;
}

/** One port that is served. */
export interface ServedPort {
  readonly counters: Readonly<Record<'operations' | 'refused' | 'subscriptions' | 'cutOff', number>>;
  /** Ends every subscription, watch, consumer and read of the other side, and the port; the bus stays open. */
  close(): void;
}

/** Operations that are taken in one turn, so that a flood of them leaves the rest of the process its turns. */
const TURN_OPERATIONS = 256;
/** The using side keeps to its limits; one that does not is cut off here. */
const CUT_OFF = 4;
const LONGEST_REQUEST_MS = 600_000;
const REFUSALS_TOLD_EVERY_US = 1_000_000;

/**
 * Serves one user's bus to whoever has the other end of the port, usually a worker ({@link connectPort}), with that user's
 * rights. Whatever the other side does, hang, flood, send garbage or die, nothing here throws, waits for it, or grows
 * beyond its limits: what waits for a subscription is bounded by that subscription's own rule, answers and deliveries are
 * counted, and the end of the port ends all that was opened through it.
 */
export function serveBusOver(port: MessagePort, bus: Bus, options: ServeOptions = {}): ServedPort {
  return new PortServer(port, bus, options);
}

class PortServer implements ServedPort {
  readonly counters = { operations: 0, refused: 0, subscriptions: 0, cutOff: 0 };
  private readonly clock: BusPorts['clock'];
  private readonly defer: BusPorts['defer'];
  private readonly outbox: Outbox;
  private readonly subscriptions: ServedSubscriptions;
  private readonly consumers: ServedConsumers;
  private readonly reads: ServedReads;
  private readonly state: ServedState;
  private readonly unfollow: (() => void)[];
  private waiting: unknown[] = [];
  private waitingBytes = 0;
  private scheduled = false;
  private calls = 0;
  private closed = false;
  private refusalsUntold = 0;
  private toldAtUs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly port: MessagePort,
    private readonly bus: Bus,
    private readonly options: ServeOptions,
  ) {
    const { clock, defer } = { ...systemPorts(), ...options.ports };
    this.clock = clock;
    this.defer = defer;
    this.outbox = new Outbox(port, defer);
    this.subscriptions = new ServedSubscriptions(bus, this.outbox, () => clock.nowUs(), (error) => this.refuse(error));
    this.consumers = new ServedConsumers(bus, this.outbox);
    this.reads = new ServedReads(bus);
    this.state = new ServedState(bus, this.outbox, this.subscriptions);
    this.unfollow = [
      bus.onStatus((status) => {
        // Loss is told by the using side, where all of it is known.
        if (status.type !== 'slow') this.outbox.post({ op: 'status', status });
        if (status.type === 'closed') this.close();
      }),
      bus.onFault(({ from, place, error }) => {
        if (from === 'transport') this.outbox.post({ op: 'failed', place, error: String(error) });
        else this.refuse(error);
      }),
    ];
    port.on('message', (message: unknown) => this.take(message));
    port.on('messageerror', (error: Error) => this.refuse(error));
    port.on('close', () => this.close());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const unfollow of this.unfollow) unfollow();
    this.outbox.close();
    this.subscriptions.close();
    this.consumers.close();
    this.reads.close();
    this.state.close();
    this.waiting = [];
    this.port.close();
  }

  private take(message: unknown): void {
    if (this.closed) return;
    this.waiting.push(message);
    this.waitingBytes += weightOf(message);
    if (this.waiting.length > LIMIT_OPERATIONS * CUT_OFF || this.waitingBytes > LIMIT_BYTES * CUT_OFF) {
      this.counters.cutOff++;
      this.refuse(new ParallaxError('BUS_REFUSED', `the other side of a port sends more than is taken in: ${this.waiting.length} operations wait; it is cut off`));
      this.close();
    } else if (!this.scheduled) {
      this.scheduled = true;
      this.defer(this.turn);
    }
  }

  private readonly turn = (): void => {
    this.scheduled = false;
    if (this.closed) return;
    const taken = this.waiting.splice(0, TURN_OPERATIONS);
    let bytes = 0;
    for (const message of taken) {
      bytes += weightOf(message);
      this.counters.operations++;
      this.handle(message);
    }
    this.waitingBytes -= bytes;
    this.counters.subscriptions = this.subscriptions.size;
    this.outbox.post({ op: 'taken', operations: taken.length, bytes });
    if (this.waiting.length > 0 && !this.closed) {
      this.scheduled = true;
      this.defer(this.turn);
    }
  };

  private handle(message: unknown): void {
    try {
      this.perform(new Fields(message));
    } catch (error) {
      this.refuse(error);
      // Who subscribed would wait for ever.
      const detail = error instanceof Error ? error.message : String(error);
      this.outbox.post({ op: 'status', status: { type: 'refused', detail } });
    }
  }

  private perform(fields: Fields): void {
    switch (fields.op) {
      case 'publish': return this.bus.publish(fields.text('subject'), fields.bytes(), fields.headers());
      // Of an answer that is too large the bus tells who asked.
      case 'respond': return this.subscriptions.respond(fields.whole('question'), fields.bytes('bytes', LIMIT_BYTES));
      case 'subscribe': return this.subscriptions.subscribe(fields);
      case 'unsubscribe': return this.subscriptions.unsubscribe(fields.whole('id'));
      case 'credit': return this.subscriptions.credit(fields.whole('gate'), fields.whole('count'));
      case 'unwatch': return this.state.unwatch(fields.whole('id'));
      case 'leave': return this.reads.leave(fields.whole('id'));
      case 'handled': return this.consumers.handled(fields.whole('delivery'));
      case 'settle': return this.consumers.settle(fields);
      default: return void this.call(fields.whole('call'), fields);
    }
  }

  private async call(call: number, fields: Fields): Promise<void> {
    this.calls++;
    try {
      if (this.calls > LIMIT_CALLS) throw new ParallaxError('BUS_REFUSED', `more than ${LIMIT_CALLS} calls wait for their answers`, { retryable: true });
      this.outbox.post({ op: 'answer', call, value: await this.answer(fields) });
    } catch (error) {
      if (!(error instanceof ParallaxError) || error.code === 'INPUT_REFUSED') this.refuse(error);
      this.outbox.post({ op: 'fault', call, fault: plainFault(error) });
    } finally {
      this.calls--;
    }
  }

  private async answer(fields: Fields): Promise<unknown> {
    switch (fields.op) {
      case 'request': return this.request(fields);
      case 'append': return this.append(fields);
      case 'read': return this.reads.read(fields);
      case 'next': return this.reads.next(fields.whole('id'));
      case 'consume': return this.consumers.consume(fields);
      case 'stop': return this.consumers.stop(fields.whole('id'));
      case 'acknowledge': return this.consumers.acknowledge(fields.whole('delivery'));
      case 'finish': return this.subscriptions.finish(fields.whole('id'));
      case 'get': return this.state.get(fields);
      case 'put': return this.state.put(fields);
      case 'delete': return this.state.delete(fields);
      case 'keys': return this.state.keys(fields);
      case 'deleted': return this.state.deleted(fields);
      case 'watch': return this.state.watch(fields);
      case 'flush': return this.bus.flush();
      default: throw new ParallaxError('INPUT_REFUSED', 'there is no such operation', { place: String(fields.op) });
    }
  }

  /** The bus itself ends it where nobody answers in time. */
  private async request(fields: Fields): Promise<Pick<BusMessage, 'subject' | 'bytes' | 'headers'>> {
    const headers = fields.headers();
    const options = { timeoutMs: fields.milliseconds('timeoutMs', LONGEST_REQUEST_MS), ...(headers === undefined ? {} : { headers }) };
    const answer = await this.bus.request(fields.text('subject'), fields.bytes(), options);
    return { subject: answer.subject, bytes: ownBytes(answer.bytes), headers: { ...answer.headers } };
  }

  private append(fields: Fields): Promise<{ sequence: number; duplicate: boolean }> {
    const [headers, expectedLastSequence] = [fields.headers(), fields.optionalWhole('expectedLastSequence')];
    return this.bus.streams.append(fields.text('subject'), fields.bytes(), {
      id: fields.text('id'), ...(headers === undefined ? {} : { headers }), ...(expectedLastSequence === undefined ? {} : { expectedLastSequence }),
    });
  }

  private refuse(error: unknown): void {
    this.counters.refused++;
    this.refusalsUntold++;
    const nowUs = this.clock.nowUs();
    if (nowUs - this.toldAtUs < REFUSALS_TOLD_EVERY_US) return;
    this.toldAtUs = nowUs;
    const times = this.refusalsUntold;
    this.refusalsUntold = 0;
    this.options.onRefused?.(error instanceof Error ? error : new Error(String(error)), times);
  }
}

const weightOf = (message: unknown): number => (typeof message === 'object' && message !== null ? bytesOf(message) : 0);
