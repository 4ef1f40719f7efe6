import type { Refusal } from '@parallax/venues';
import type { WantedChannel } from './wanted-channel.js';

/**
 * What became of one channel on one connection: to be asked for; asked; acknowledged, which proves nothing; living, data was
 * heard; silent beyond what is borne; refused.
 */
export type SubscriptionState = 'wanted' | 'asked' | 'acknowledged' | 'living' | 'silent' | 'refused';

/** Best quotes that move for so long while the book does not show that the book’s channel is dead, whatever its own rhythm. */
const CONTRADICTED_US = 20_000_000;

/** One channel on one connection. Pure; time is handed in. */
export class Subscription {
  state: SubscriptionState = 'wanted';
  /** Number of the request that asks for it. */
  request = 0;
  /** Its request waits to be sent. */
  waits = false;
  askedAtUs = 0;
  heardAtUs = 0;
  /** When data came that was no answer to asking. */
  movedAtUs = 0;
  /** When the best quote was first seen to move after the last that was heard here. */
  private contradictedAtUs = 0;
  /** How long it had been silent when it was asked for again, where nothing contradicted that it was calm. */
  private quietUs = 0;

  constructor(readonly channel: WantedChannel) {}

  /** Heard since it was asked for. */
  get isHeard(): boolean {
    return this.heardAtUs !== 0 && this.heardAtUs >= this.askedAtUs;
  }

  asked(nowUs: number): void {
    this.waits = false;
    this.state = 'asked';
    this.askedAtUs = nowUs;
  }

  acknowledged(): void {
    if (this.state === 'asked') this.state = 'acknowledged';
  }

  heard(nowUs: number): void {
    const { channel } = this;
    if (this.isHeard) {
      channel.patience.note(nowUs - this.heardAtUs);
      this.movedAtUs = nowUs;
    } else if (this.quietUs > 0) {
      channel.patience.note(this.quietUs);
      this.quietUs = 0;
      if (channel.patience.answersAsking) channel.lives();
    }
    this.heardAtUs = nowUs;
    this.state = 'living';
    channel.heard(nowUs);
  }

  refused(refusal: Refusal, nowUs: number): void {
    this.state = 'refused';
    this.channel.refused(refusal, nowUs);
  }

  /** Looks whether silence lasts too long; `quote` is the same symbol's best quote on the same connection. */
  judge(quote: Subscription | undefined, nowUs: number): void {
    const { channel, state } = this;
    if (state === 'wanted' || state === 'refused' || state === 'silent' || !channel.isExpected) return;
    const sinceUs = Math.max(this.askedAtUs, this.heardAtUs);
    const { firstUs, nextUs } = channel.patience;
    const isContradicted = channel.feed === 'depth' && quote !== undefined && this.isContradictedBy(quote, sinceUs, nowUs);
    if (!isContradicted && nowUs - sinceUs < (this.isHeard ? nextUs : firstUs)) return;
    this.quietUs = isContradicted ? 0 : nowUs - sinceUs;
    this.state = 'silent';
    // It may live on another connection, while two carry the same.
    if (channel.heardAtUs <= sinceUs) channel.silent(nowUs);
  }

  /** A best quote may come shortly before the change of the book that it is of: one move shows nothing. */
  private isContradictedBy({ movedAtUs }: Subscription, sinceUs: number, nowUs: number): boolean {
    if (movedAtUs <= sinceUs) return false;
    if (this.contradictedAtUs <= sinceUs) this.contradictedAtUs = nowUs;
    return movedAtUs - this.contradictedAtUs >= CONTRADICTED_US;
  }

  /** Its connection is gone. */
  lost(): void {
    this.state = 'wanted';
    this.waits = false;
    this.askedAtUs = this.heardAtUs = this.movedAtUs = this.quietUs = 0;
  }
}
