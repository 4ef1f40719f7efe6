import type { JsMsg } from '@nats-io/jetstream';
import type { DurableMessage, Headers } from '../bus.js';
import { timedOut } from '../faults.js';
import { plainHeaders } from './publisher.js';

/** A message of a consumer; what few ask for is read when it is asked for. */
export class NatsDurableMessage implements DurableMessage {
  constructor(
    private readonly message: JsMsg,
    private readonly place: string,
    private readonly timeoutMs: number,
  ) {}
  get subject(): string {
    return this.message.subject;
  }
  get bytes(): Uint8Array {
    return this.message.data;
  }
  get sequence(): number {
    return this.message.seq;
  }
  get atUs(): number {
    return Number(this.message.timestampNanos / 1_000n);
  }
  get deliveries(): number {
    return this.message.info.deliveryCount;
  }
  header(name: string): string | undefined {
    const { headers } = this.message;
    return headers?.has(name) === true ? headers.get(name) : undefined;
  }
  get headers(): Headers {
    return plainHeaders(this.message.headers);
  }
  async acknowledge(): Promise<void> {
    const noted = await this.message.ackAck({ timeout: this.timeoutMs }).catch(() => false);
    if (!noted) throw timedOut(`acknowledgement to ${this.place}`, this.timeoutMs);
  }
  acknowledgeUnconfirmed(): void {
    this.message.ack();
  }
  retry(delayMs: number): void {
    this.message.nak(delayMs);
  }
  reject(reason: string): void {
    this.message.term(reason);
  }
}
