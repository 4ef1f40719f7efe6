import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@parallax/testing';
import type { OrderOutcome, PlaceOutcome, UnknownOutcome, VenueOrder } from '@parallax/types';
import type { VenueClient } from './paper-stand.js';

/** A request is void so long after it left; then, and a little later, it can no longer come alive. */
const VALID_MS = 300;
const MARGIN_US = 50_000;
const ANSWER_WITHIN_MS = 400;
const ASK_EVERY_MS = 20;

/**
 * Sends orders as execution does: an order whose fate is not known is asked for, and sent again only once the venue says that
 * it does not know it and the request before is void.
 */
export class OrderSender {
  readonly counters = { unknown: 0, refused: 0, sentAgain: 0 };
  private readonly decided = new Map<string, VenueOrder>();
  private readonly streams: Promise<void>[] = [];
  private sending = true;
  private count = 0;

  constructor(private readonly client: VenueClient) {}

  /** Sends one order after the other, several beside each other, until {@link finish}. */
  start(beside: number): void {
    for (let stream = 0; stream < beside; stream++) this.streams.push(this.stream());
  }

  /** What became of every order, once all are decided. */
  async finish(): Promise<Map<string, VenueOrder>> {
    // The last ones are sent to a venue that works again.
    const before = this.count;
    await until(() => this.count > before + 10, 'orders are taken again');
    this.sending = false;
    await Promise.all(this.streams);
    return this.decided;
  }

  stop(): void {
    this.sending = false;
  }

  /** What the venue made of one order that buys at any price. */
  async decide(clientId: string): Promise<VenueOrder> {
    for (;;) {
      const validUntilUs = (Date.now() + VALID_MS) * 1000;
      let outcome: PlaceOutcome | OrderOutcome = await this.heard(this.client.place({ clientId, validUntilUs }, ANSWER_WITHIN_MS));
      while (outcome.kind === 'unknown') {
        this.counters.unknown++;
        await sleep(ASK_EVERY_MS);
        const askedAtUs = Date.now() * 1000;
        const answer: OrderOutcome = await this.heard(this.client.order(clientId, ANSWER_WITHIN_MS));
        const mayStillArrive = answer.kind === 'notFound' && askedAtUs <= validUntilUs + MARGIN_US;
        outcome = mayStillArrive ? { kind: 'unknown', detail: 'it may still arrive' } : answer;
      }
      if (outcome.kind === 'accepted' || outcome.kind === 'found') {
        this.decided.set(clientId, outcome.order);
        return outcome.order;
      }
      // Refused, or not known and void: nothing has happened, and it goes again.
      if (outcome.kind === 'rejected') this.counters.refused++;
      else this.counters.sentAgain++;
      await sleep(ASK_EVERY_MS);
    }
  }

  private async stream(): Promise<void> {
    while (this.sending) await this.decide(`order${++this.count}`);
  }

  private heard<Outcome>(answer: Promise<Outcome>): Promise<Outcome | UnknownOutcome> {
    return answer.catch((error: Error) => ({ kind: 'unknown', detail: error.message }));
  }
}
