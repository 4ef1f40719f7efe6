import type { BusMessage, BusStatus, Headers, MessageHandler, SubscribeOptions, Subscription } from '../bus.js';
import { DEFAULT_PENDING_LIMIT } from '../delivery-queue.js';
import { answerTooLarge } from '../faults.js';
import { LocalSubscription } from '../local-subscription.js';
import { MEMORY_PAYLOAD_LIMIT } from '../memory/hub.js';
import type { Pump } from '../pump.js';
import type { PortLink } from './port-link.js';
import { aligned, creditStep, ownBytes, WINDOW, type Pack } from './protocol.js';

const NO_HEADERS: Headers = {};

class PortMessage implements BusMessage {
  constructor(
    readonly subject: string,
    readonly bytes: Uint8Array,
    readonly headers: Headers,
    private readonly question: number,
    private readonly link: PortLink,
    private readonly listener: PortSubscription,
  ) {}
  header(name: string): string | undefined {
    return this.headers[name];
  }
  get wantsAnswer(): boolean {
    return this.question > 0;
  }
  respond(bytes: Uint8Array): void {
    if (!this.wantsAnswer) return;
    // The other side's bus tells who asked.
    this.link.send({ op: 'respond', question: this.question, bytes: ownBytes(bytes) });
    if (bytes.length > MEMORY_PAYLOAD_LIMIT) this.listener.failed(answerTooLarge(this.subject, bytes.length, MEMORY_PAYLOAD_LIMIT), this.subject);
  }
}

/** Says to the serving side what was handled of one gate, a few at a time. */
export class Credits {
  private unsaid = 0;
  private readonly step: number;

  constructor(
    readonly gate: number,
    window: number,
    private readonly link: PortLink,
  ) {
    this.step = creditStep(window);
  }

  took(count: number): void {
    this.unsaid += count;
    if (this.unsaid < this.step) return;
    this.link.send({ op: 'credit', gate: this.gate, count: this.unsaid });
    this.unsaid = 0;
  }
}

class PortSubscription extends LocalSubscription {
  constructor(readonly id: number, readonly credits: Credits, ...given: ConstructorParameters<typeof LocalSubscription>) {
    super(...given);
  }

  override unsubscribe(): void {
    const letGo = this.pending;
    super.unsubscribe();
    this.credits.took(letGo);
  }
}

interface Host {
  readonly pump: Pump;
  readonly nowUs: () => number;
  readonly tell: (status: BusStatus) => void;
  readonly onHandlerError: (error: unknown, place: string) => void;
}

/** Subscriptions of the using side. What waits by their rules waits on the serving side; here are no more than a gate lets through. */
export class PortSubscriptions {
  private readonly open = new Map<number, PortSubscription>();
  private readonly gates = new Map<number, Credits>();
  private readonly lanes = new WeakMap<object, Credits>();

  constructor(
    private readonly link: PortLink,
    private readonly host: Host,
  ) {}

  subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions): Subscription {
    const { queue, pendingLimit = DEFAULT_PENDING_LIMIT, whenSlow = 'drop', lane } = options;
    const id = this.link.number();
    const credits = this.credits(pendingLimit, lane);
    const subscription = new PortSubscription(
      id, credits, pattern,
      (message) => {
        credits.took(1);
        handler(message);
      },
      // What has come through the gate is not dropped here: it was counted as sent.
      { ...options, pendingLimit: Math.max(WINDOW, pendingLimit) },
      { ...this.host, finish: () => this.finish(id) },
      () => this.leave(id, credits, lane !== undefined),
    );
    this.open.set(id, subscription);
    this.link.send({ op: 'subscribe', id, gate: credits.gate, shared: lane !== undefined, pattern, queue, pendingLimit, whenSlow });
    return subscription;
  }

  /** Credits of a gate by itself, or of the lane. */
  credits(pendingLimit: number, lane?: object): Credits {
    let credits = lane === undefined ? undefined : this.lanes.get(lane);
    if (credits === undefined) {
      credits = new Credits(this.link.number(), Math.min(WINDOW, Math.max(1, pendingLimit)), this.link);
      this.gates.set(credits.gate, credits);
      if (lane !== undefined) this.lanes.set(lane, credits);
    }
    return credits;
  }

  closeGate(credits: Credits): void {
    this.gates.delete(credits.gate);
  }

  take({ ids, gates, subjects, lengths, questions, losses, headers, buffer }: Pack): void {
    let at = 0;
    for (let index = 0; index < ids.length; index++) {
      const length = lengths[index];
      const subscription = this.open.get(ids[index]);
      if (subscription === undefined) this.gates.get(gates[index])?.took(1);
      else {
        if (losses[index] > 0) subscription.lose(losses[index]);
        const bytes = new Uint8Array(buffer, at, length);
        subscription.offer(new PortMessage(subjects[index], bytes, headers[index] ?? NO_HEADERS, questions[index], this.link, subscription));
      }
      at += aligned(length);
    }
  }

  /** Lets all of them handle what has come. */
  async drain(): Promise<void> {
    await Promise.all([...this.open.values()].map((subscription) => subscription.drain()));
  }

  /** Nothing more comes; what has come is still handled. */
  stopReceiving(): void {
    for (const subscription of this.open.values()) subscription.stopReceiving();
  }

  private async finish(id: number): Promise<void> {
    // Where the port has closed nothing more comes.
    await this.link.call({ op: 'finish', id }, 'the end of a subscription', null).catch(() => {});
  }

  private leave(id: number, credits: Credits, isShared: boolean): void {
    this.open.delete(id);
    if (!isShared) this.closeGate(credits);
    this.link.send({ op: 'unsubscribe', id });
  }
}
