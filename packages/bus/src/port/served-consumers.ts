import type { Bus, DurableMessage, DurableSubscription } from '../bus.js';
import type { Fields } from './fields.js';
import type { Outbox } from './outbox.js';
import { oneTooMany, ownBytes, type PlainStored } from './protocol.js';

const MOST_CONSUMERS = 64;
/** Deliveries that may still be settled; one that is given up comes again by its stream's own wait. */
const MOST_DELIVERIES = 1_024;
const LONGEST_RETRY_MS = 24 * 3_600_000;

interface Delivery {
  readonly message: DurableMessage;
  /** Lets the consumer hand out the next. */
  readonly letNext: () => void;
  isHandled: boolean;
  isSettled: boolean;
}

export const plainStored = ({ subject, bytes, sequence, atUs, headers }: PlainStored): PlainStored => ({
  subject, bytes: ownBytes(bytes), sequence, atUs, headers: { ...headers },
});

/**
 * Durable consumers of the using side. One message at a time is under way to it; where that side ends before it says that
 * it has handled one, the message is not acknowledged and comes again.
 */
export class ServedConsumers {
  private readonly consuming = new Map<number, DurableSubscription>();
  private readonly deliveries = new Map<number, Delivery>();
  private lastDelivery = 0;
  private closed = false;

  constructor(
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  async consume(fields: Fields): Promise<void> {
    const [id, stream, consumer] = [fields.whole('id'), fields.text('stream'), fields.text('consumer')];
    if (this.consuming.size >= MOST_CONSUMERS || this.consuming.has(id)) throw oneTooMany('consumers', MOST_CONSUMERS);
    const subscription = await this.bus.streams.consume(stream, consumer, (message) => this.deliver(id, message));
    if (this.closed) return subscription.stop();
    this.consuming.set(id, subscription);
  }

  /** Resolves when the message under way was handled. */
  async stop(id: number): Promise<void> {
    const subscription = this.consuming.get(id);
    this.consuming.delete(id);
    await subscription?.stop();
  }

  handled(delivery: number): void {
    const found = this.deliveries.get(delivery);
    if (found === undefined) return;
    found.isHandled = true;
    found.letNext();
    if (found.isSettled) this.deliveries.delete(delivery);
  }

  async acknowledge(delivery: number): Promise<void> {
    await this.settled(delivery)?.acknowledge();
  }

  settle(fields: Fields): void {
    const how = fields.oneOf('how', ['acknowledge', 'retry', 'reject']);
    const delayMs = how === 'retry' ? fields.milliseconds('delayMs', LONGEST_RETRY_MS) : 0;
    const reason = how === 'reject' ? fields.text('reason') : '';
    const message = this.settled(fields.whole('delivery'));
    if (how === 'acknowledge') message?.acknowledgeUnconfirmed();
    else if (how === 'retry') message?.retry(delayMs);
    else message?.reject(reason);
  }

  close(): void {
    this.closed = true;
    for (const subscription of this.consuming.values()) void subscription.stop();
    this.consuming.clear();
    for (const { letNext } of this.deliveries.values()) letNext();
    this.deliveries.clear();
  }

  private deliver(id: number, message: DurableMessage): Promise<void> {
    if (this.closed) return Promise.resolve();
    const delivery = ++this.lastDelivery;
    if (this.deliveries.size >= MOST_DELIVERIES) this.giveUpOldest();
    return new Promise<void>((letNext) => {
      this.deliveries.set(delivery, { message, letNext, isHandled: false, isSettled: false });
      const pending = this.consuming.get(id)?.pending ?? 0;
      this.outbox.post({ op: 'deliver', id, delivery, message: plainStored(message), deliveries: message.deliveries, pending });
    });
  }

  private settled(delivery: number): DurableMessage | undefined {
    const found = this.deliveries.get(delivery);
    if (found === undefined) return undefined;
    found.isSettled = true;
    if (found.isHandled) this.deliveries.delete(delivery);
    return found.message;
  }

  private giveUpOldest(): void {
    const [oldest, { letNext }] = this.deliveries.entries().next().value!;
    this.deliveries.delete(oldest);
    letNext();
  }
}
