import type { AppendOptions, DurableHandler, DurableMessage, DurableStreams, DurableSubscription, ReadOptions, StoredMessage } from '../bus.js';
import { checkMessage } from '../faults.js';
import type { PortLink } from './port-link.js';
import { ownBytes, type Answer, type PlainStored } from './protocol.js';
import type { Page } from './served-reads.js';

interface Owner {
  checkOpen(): void;
  checkSize(subject: string, bytes: Uint8Array): void;
  onHandlerError(error: unknown, subject: string): void;
}

type Delivered = Answer & { readonly op: 'deliver' };

class PortDelivery implements DurableMessage {
  constructor(
    private readonly message: PlainStored,
    readonly deliveries: number,
    private readonly delivery: number,
    private readonly link: PortLink,
  ) {}
  get subject(): string {
    return this.message.subject;
  }
  get bytes(): Uint8Array {
    return this.message.bytes;
  }
  get sequence(): number {
    return this.message.sequence;
  }
  get atUs(): number {
    return this.message.atUs;
  }
  get headers(): DurableMessage['headers'] {
    return this.message.headers;
  }
  header(name: string): string | undefined {
    return this.headers[name];
  }
  async acknowledge(): Promise<void> {
    await this.link.call({ op: 'acknowledge', delivery: this.delivery }, `acknowledgement of "${this.subject}"`);
  }
  acknowledgeUnconfirmed(): void {
    this.link.send({ op: 'settle', delivery: this.delivery, how: 'acknowledge' });
  }
  retry(delayMs: number): void {
    this.link.send({ op: 'settle', delivery: this.delivery, how: 'retry', delayMs });
  }
  reject(reason: string): void {
    this.link.send({ op: 'settle', delivery: this.delivery, how: 'reject', reason: reason.slice(0, 1_000) });
  }
}

class PortConsumer implements DurableSubscription {
  pending = 0;
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    readonly id: number,
    private readonly handler: DurableHandler,
    private readonly link: PortLink,
    private readonly owner: Owner,
    private readonly left: () => void,
  ) {}

  take({ delivery, message, deliveries, pending }: Delivered): void {
    this.pending = pending;
    this.underWay = this.handle(new PortDelivery(message, deliveries, delivery, this.link), delivery);
  }

  async stop(): Promise<void> {
    // Answered when the message under way was handled; where the port has closed none can come any more.
    await this.link.call({ op: 'stop', id: this.id }, 'the end of a consumer', null).catch(() => {});
    this.left();
    await this.underWay;
  }

  private async handle(message: DurableMessage, delivery: number): Promise<void> {
    try {
      await this.handler(message);
    } catch (error) {
      this.owner.onHandlerError(error, message.subject);
    }
    this.link.send({ op: 'handled', delivery });
  }
}

/** The durable streams of the bus at the other end. */
export class PortStreams implements DurableStreams {
  private readonly consuming = new Map<number, PortConsumer>();

  constructor(
    private readonly link: PortLink,
    private readonly owner: Owner,
  ) {}

  async append(subject: string, bytes: Uint8Array, { id, headers, expectedLastSequence }: AppendOptions): Promise<{ sequence: number; duplicate: boolean }> {
    this.owner.checkOpen();
    checkMessage(subject, headers);
    this.owner.checkSize(subject, bytes);
    const operation = { op: 'append', subject, bytes: ownBytes(bytes), id, headers, expectedLastSequence } as const;
    return (await this.link.call(operation, `append to "${subject}"`)) as { sequence: number; duplicate: boolean };
  }

  async consume(stream: string, consumer: string, handler: DurableHandler): Promise<DurableSubscription> {
    this.owner.checkOpen();
    const id = this.link.number();
    const subscription = new PortConsumer(id, handler, this.link, this.owner, () => this.consuming.delete(id));
    this.consuming.set(id, subscription);
    try {
      await this.link.call({ op: 'consume', id, stream, consumer }, `consumer ${consumer} of stream ${stream}`);
    } catch (error) {
      this.consuming.delete(id);
      throw error;
    }
    return subscription;
  }

  async *read(stream: string, { subject, fromSequence, limit, newest }: ReadOptions): AsyncGenerator<StoredMessage, void> {
    this.owner.checkOpen();
    const id = this.link.number();
    const what = `read of stream ${stream}`;
    const first = { op: 'read', id, stream, subject, fromSequence, limit, newest } as const;
    let isDone = false;
    try {
      for (let page = (await this.link.call(first, what)) as Page; ; page = (await this.link.call({ op: 'next', id }, what)) as Page) {
        isDone = page.done;
        for (const message of page.messages) yield { ...message, header: (name) => message.headers[name] };
        if (isDone) return;
      }
    } finally {
      if (!isDone) this.link.send({ op: 'leave', id });
    }
  }

  take(delivered: Delivered): void {
    this.consuming.get(delivered.id)?.take(delivered);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consuming.values()].map((consumer) => consumer.stop()));
  }
}
