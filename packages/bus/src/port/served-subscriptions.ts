import type { Bus, BusMessage, Subscription } from '../bus.js';
import { LocalSubscription } from '../local-subscription.js';
import type { Fields } from './fields.js';
import { Gate } from './gate.js';
import type { Outbox } from './outbox.js';
import { oneTooMany, WINDOW } from './protocol.js';

/** Subscriptions of one port at once. */
const MOST_SUBSCRIPTIONS = 4_096;
/** Questions whose answers may still come; of more, the oldest are given up, and who asked hears a time-out. */
const MOST_QUESTIONS = 1_024;

interface Served {
  readonly source: Subscription;
  readonly local: LocalSubscription;
  readonly gate: number;
  readonly shared: boolean;
  ended: (() => void) | null;
}

/** A message that outlives its handler. */
const kept = ({ subject, bytes, headers, header, wantsAnswer, respond }: BusMessage, message: BusMessage): BusMessage => ({
  subject, bytes: Buffer.from(bytes), headers, wantsAnswer, header: header.bind(message), respond: respond.bind(message),
});

/** What the using side has subscribed to: each with its own queue and limit on this side of the port. */
export class ServedSubscriptions {
  private readonly served = new Map<number, Served>();
  private readonly gates = new Map<number, Gate>();
  private readonly questions = new Map<number, BusMessage>();
  private lastQuestion = 0;

  constructor(
    private readonly bus: Bus,
    private readonly outbox: Outbox,
    private readonly nowUs: () => number,
    private readonly onError: (error: unknown, place: string) => void,
  ) {}

  get size(): number {
    return this.served.size;
  }

  subscribe(fields: Fields): void {
    const [id, gate, shared, pattern, queue] = [fields.whole('id'), fields.whole('gate'), fields.truth('shared'), fields.text('pattern'), fields.optionalText('queue')];
    const [pendingLimit, whenSlow] = [Math.max(1, fields.whole('pendingLimit')), fields.oneOf('whenSlow', ['newest', 'drop'])];
    if (this.served.size >= MOST_SUBSCRIPTIONS || this.served.has(id)) throw oneTooMany('subscriptions', MOST_SUBSCRIPTIONS);
    const opened = this.gate(gate, pendingLimit);
    let lost = 0;
    const local = new LocalSubscription(
      pattern,
      (message) => {
        const question = message.wantsAnswer ? this.ask(message) : 0;
        this.outbox.pack(id, gate, message, question, lost);
        lost = 0;
        this.endIfSent(id);
      },
      { pendingLimit, whenSlow, onLoss: (more) => void (lost += more), ...(shared ? { lane: opened } : {}) },
      // The using side tells of the loss: it knows the rest of it.
      { pump: opened, nowUs: this.nowUs, tell: () => {}, onHandlerError: this.onError, finish: async () => {} },
      () => {},
    );
    const source = this.bus.subscribe(pattern, (message) => local.offer(kept(message, message)), {
      pendingLimit, whenSlow, onLoss: (more) => local.lose(more), ...(queue === undefined ? {} : { queue }), ...(shared ? { lane: opened } : {}),
    });
    this.served.set(id, { source, local, gate, shared, ended: null });
  }

  unsubscribe(id: number): void {
    const served = this.served.get(id);
    if (served === undefined) return;
    this.served.delete(id);
    served.source.unsubscribe();
    served.local.unsubscribe();
    served.ended?.();
    if (!served.shared) this.gates.delete(served.gate);
  }

  /** Takes no more, and resolves when the other side was sent all that had come. */
  async finish(id: number): Promise<void> {
    const served = this.served.get(id);
    if (served === undefined) return;
    await served.source.drain();
    const sent = new Promise<void>((resolve) => (served.ended = resolve));
    this.endIfSent(id);
    await sent;
  }

  credit(gate: number, count: number): void {
    this.gates.get(gate)?.credit(count);
  }

  respond(question: number, bytes: Uint8Array): void {
    const asked = this.questions.get(question);
    this.questions.delete(question);
    asked?.respond(bytes);
  }

  /** A gate that is used by one subscription, by all of one lane, or by a watch. */
  gate(id: number, pendingLimit = WINDOW): Gate {
    let gate = this.gates.get(id);
    if (gate === undefined) this.gates.set(id, (gate = new Gate(Math.min(WINDOW, pendingLimit))));
    return gate;
  }

  closeGate(id: number): void {
    this.gates.delete(id);
  }

  close(): void {
    for (const id of this.served.keys()) this.unsubscribe(id);
    this.questions.clear();
    this.gates.clear();
  }

  private endIfSent(id: number): void {
    const served = this.served.get(id);
    if (served !== undefined && served.ended !== null && served.local.pending === 0) this.unsubscribe(id);
  }

  private ask(message: BusMessage): number {
    if (this.questions.size >= MOST_QUESTIONS) this.questions.delete(this.questions.keys().next().value!);
    this.questions.set(++this.lastQuestion, message);
    return this.lastQuestion;
  }
}
