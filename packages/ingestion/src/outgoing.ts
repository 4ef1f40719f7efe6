import type { VenueLimits } from '@parallax/venues';
import { RateLimit, type AddressLimits } from './rate-limit.js';
import type { Subscription } from './subscription.js';

export interface Message {
  readonly text: string;
  /** What is asked for by it. */
  readonly asks?: readonly Subscription[];
}

/** What waits to be sent on one connection, and when the venue's limits allow it. Pure; time is handed in. */
export class Outgoing {
  lastSentAtUs = 0;
  private readonly own: RateLimit;
  private readonly queue: Message[] = [];
  /** Messages that the address's limit has been charged for, when the connection was asked for. */
  private prepaid = 0;

  constructor(
    { messages }: Pick<VenueLimits, 'messages'>,
    private readonly address: AddressLimits,
    private readonly send: (text: string) => void,
  ) {
    // One is left for what the socket answers by itself: venues count pongs too.
    this.own = new RateLimit({ ...messages, amount: Math.max(1, messages.amount - 1) });
  }

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  /** A connection begins, whose first messages the address's limit was charged for. */
  begin(prepaid: number): void {
    this.clear();
    this.prepaid = prepaid;
  }

  add(messages: readonly Message[]): void {
    for (const { asks } of messages) for (const one of asks ?? []) one.waits = true;
    this.queue.push(...messages);
  }

  clear(): void {
    this.queue.length = 0;
  }

  /** Nothing is sent before `untilUs`: the venue said that it was too much. */
  pause(untilUs: number): void {
    this.own.pause(untilUs);
  }

  flush(nowUs: number): void {
    while (this.queue.length > 0 && this.sendableAtUs(nowUs) <= nowUs) {
      this.own.take(1, nowUs);
      if (this.prepaid > 0) this.prepaid--;
      else this.address.messages?.take(1, nowUs);
      this.lastSentAtUs = nowUs;
      const { text, asks } = this.queue.shift()!;
      for (const one of asks ?? []) one.asked(nowUs);
      this.send(text);
    }
  }

  /** When the next message may go; Infinity where none waits. */
  wakeAtUs(nowUs: number): number {
    return this.queue.length > 0 ? this.sendableAtUs(nowUs) : Infinity;
  }

  /** Said outside the order and the limits, as is what keeps a connection alive. */
  sendNow(text: string, nowUs: number): void {
    this.lastSentAtUs = nowUs;
    this.send(text);
  }

  private sendableAtUs(nowUs: number): number {
    const ofAddress = this.prepaid > 0 ? null : this.address.messages;
    return Math.max(this.own.availableAtUs(1, nowUs), ofAddress?.availableAtUs(1, nowUs) ?? nowUs);
  }
}
