import type { BusMessage, BusStatus, MessageHandler, SubscribeOptions, Subscription } from './bus.js';
import { DEFAULT_PENDING_LIMIT, DeliveryQueue } from './delivery-queue.js';
import type { Lane, MessagePump, Pumped } from './pump.js';

/** What a subscription needs of the bus it belongs to. */
export interface SubscriptionHost {
  readonly pump: MessagePump;
  readonly nowUs: () => number;
  readonly tell: (status: BusStatus) => void;
  /** A handler threw; the bus goes on with the next message. */
  readonly onHandlerError: (error: unknown, subject: string) => void;
  /** Resolves when the transport will bring nothing more for a subscription. */
  readonly finish: (subscription: LocalSubscription) => Promise<void>;
}

const SLOW_TOLD_EVERY_US = 1_000_000;

/** One handler with its own bounded queue; the same for every transport. */
export class LocalSubscription implements Subscription, Pumped {
  readonly queue: string | undefined;
  handled = 0;
  private readonly waiting: DeliveryQueue<BusMessage>;
  private readonly onLoss: ((lost: number) => void) | undefined;
  private readonly lane: Lane | null;
  /** Places that it has in its lane: never more than messages may wait. */
  private places = 0;
  private closed = false;
  private slowToldAtUs = Number.NEGATIVE_INFINITY;
  private slowUntold = 0;

  constructor(
    readonly pattern: string,
    private readonly handler: MessageHandler,
    options: SubscribeOptions,
    private readonly host: SubscriptionHost,
    private readonly leave: (subscription: LocalSubscription) => void,
  ) {
    this.queue = options.queue;
    this.onLoss = options.onLoss;
    this.lane = options.lane === undefined ? null : host.pump.lane(options.lane);
    this.waiting = new DeliveryQueue(options.pendingLimit ?? DEFAULT_PENDING_LIMIT, options.whenSlow ?? 'drop');
  }

  get lost(): number {
    return this.waiting.lost;
  }

  /** How many messages wait here. */
  get pending(): number {
    return this.waiting.size;
  }

  /** Takes in that the transport lost messages of this subscription on their way here. */
  lose(lost: number): void {
    this.waiting.lose(lost);
  }

  offer(message: BusMessage): void {
    if (this.closed) return;
    this.waiting.push(message);
    if (this.lane === null) this.host.pump.wake(this);
    else if (this.places < this.waiting.size) {
      this.places++;
      this.lane.join(this);
    }
  }

  handleOne(): boolean {
    if (this.lane !== null) this.places--;
    const lost = this.waiting.takeLoss();
    if (lost > 0) this.tellLoss(lost);
    const message = this.waiting.shift();
    if (message === undefined) return false;
    this.handled++;
    try {
      this.handler(message);
    } catch (error) {
      this.host.onHandlerError(error, message.subject);
    }
    return true;
  }

  /** Takes in that the answer to a message of this subscription failed, also after its handler returned. */
  failed(error: unknown, subject: string): void {
    this.host.onHandlerError(error, subject);
  }

  unsubscribe(): void {
    if (this.closed) return;
    this.stopReceiving();
    this.waiting.clear();
  }

  async drain(): Promise<void> {
    if (!this.closed) await this.host.finish(this);
    this.stopReceiving();
    await this.host.pump.whenIdle();
  }

  /** What waits is still handled. */
  stopReceiving(): void {
    if (this.closed) return;
    this.closed = true;
    this.leave(this);
  }

  private tellLoss(lost: number): void {
    this.slowUntold += lost;
    const nowUs = this.host.nowUs();
    if (nowUs - this.slowToldAtUs >= SLOW_TOLD_EVERY_US) {
      this.slowToldAtUs = nowUs;
      this.host.tell({ type: 'slow', subject: this.pattern, lost: this.slowUntold });
      this.slowUntold = 0;
    }
    try {
      this.onLoss?.(lost);
    } catch (error) {
      this.host.onHandlerError(error, this.pattern);
    }
  }
}
