import type { ConsumerMessages, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { BusStatus, DurableHandler, DurableSubscription } from '../bus.js';
import type { BusPorts } from '../system-ports.js';
import { BackOff } from '../back-off.js';
import { MESSAGE_ID_HEADER } from './names.js';
import { NatsDurableMessage } from './nats-durable-message.js';
import { faultOf } from './nats-faults.js';

export interface ConsumerOwner {
  readonly client: JetStreamClient;
  readonly timeoutMs: number;
  readonly ports: BusPorts;
  checkOpen(): void;
  tell(status: BusStatus): void;
  onError(error: unknown, place: string): void;
  onHandlerError(error: unknown, subject: string): void;
  started(subscription: DurableSubscription): void;
  stopped(subscription: DurableSubscription): void;
}

const LARGEST_BATCH = 64;
/** The server answers an idle request after so long, and the client asks again. */
const LONGEST_REQUEST_MS = 30_000;
const SHORTEST_REQUEST_MS = 1_000;
const NANOSECONDS_PER_MS = 1_000_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/**
 * Pulls from a consumer that the provisioner made, and hands out one message at a time.
 *
 * Only what was appended is handed out. A user could name any subject as the reply of a request it may make, and the
 * server's answer would then be stored where that user may not publish; but an answer bears no message id.
 */
export async function consumeNats(
  owner: ConsumerOwner,
  stream: string,
  name: string,
  handler: DurableHandler,
): Promise<DurableSubscription> {
  owner.checkOpen();
  const runner = new ConsumerRunner(owner, stream, name, handler);
  await runner.start();
  owner.started(runner);
  return runner;
}

/** No longer than what was delivered waits to come again, so that a process that stands still is not given it twice. */
function requestMs(acknowledgeWaitNs: number | undefined): number {
  const acknowledgeWaitMs = (acknowledgeWaitNs ?? Number.POSITIVE_INFINITY) / NANOSECONDS_PER_MS;
  return Math.min(Math.max(acknowledgeWaitMs, SHORTEST_REQUEST_MS), LONGEST_REQUEST_MS);
}

class ConsumerRunner implements DurableSubscription {
  pending = 0;
  private readonly place: string;
  private readonly backOff: BackOff;
  private readonly waiting: JsMsg[] = [];
  private messages: ConsumerMessages | null = null;
  private underWay: Promise<void> | null = null;
  private stopped = false;
  private cancelRetry = (): void => {};

  constructor(
    private readonly owner: ConsumerOwner,
    private readonly stream: string,
    private readonly name: string,
    private readonly handler: DurableHandler,
  ) {
    this.place = `consumer ${name} of stream ${stream}`;
    this.backOff = new BackOff(owner.ports.random, FIRST_RETRY_MS, LONGEST_RETRY_MS);
  }

  async start(): Promise<void> {
    try {
      const consumer = await this.owner.client.consumers.get(this.stream, this.name);
      const { config, num_pending: pending } = await consumer.info(true);
      this.pending = pending;
      this.messages = await consumer.consume({
        max_messages: Math.max(1, Math.min(config.max_ack_pending ?? LARGEST_BATCH, LARGEST_BATCH)),
        expires: requestMs(config.ack_wait),
        callback: (message) => this.take(message),
      });
    } catch (error) {
      throw faultOf(error, this.place, this.place, this.owner.timeoutMs);
    }
    this.backOff.reset();
    void this.messages.closed().then(() => this.startAgain());
  }

  async stop(): Promise<void> {
    if (!this.stopped) {
      this.stopped = true;
      this.cancelRetry();
      this.messages?.stop();
      // What was fetched ahead goes back at once instead of after the acknowledgement's wait.
      for (const message of this.waiting.splice(0)) message.nak();
    }
    await this.underWay;
    this.owner.stopped(this);
  }

  private startAgain(): void {
    if (this.stopped) return;
    this.cancelRetry = this.owner.ports.timers.after(this.backOff.nextMs(), () => {
      this.start().catch((error: unknown) => {
        this.owner.onError(error, this.place);
        this.startAgain();
      });
    });
  }

  private take(message: JsMsg): void {
    if (this.stopped) {
      message.nak();
      return;
    }
    this.waiting.push(message);
    this.underWay ??= this.handleAll().finally(() => (this.underWay = null));
  }

  private async handleAll(): Promise<void> {
    for (let message = this.waiting.shift(); message !== undefined; message = this.waiting.shift()) {
      this.pending = message.info.pending;
      if (message.headers?.has(MESSAGE_ID_HEADER) !== true) {
        message.term('not appended');
        this.owner.tell({ type: 'refused', detail: `message ${message.seq} of ${this.stream} was not appended` });
        continue;
      }
      try {
        await this.handler(new NatsDurableMessage(message, this.place, this.owner.timeoutMs));
      } catch (error) {
        this.owner.onHandlerError(error, message.subject);
      }
    }
  }
}
