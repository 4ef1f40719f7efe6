import type { Answered, FeedName, HeardSink, FrameListener, Refusal, VenueStream } from '@parallax/venues';
import type { Message } from './outgoing.js';
import { Subscription } from './subscription.js';
import type { WantedChannel } from './wanted-channel.js';

/** The channels of one connection: what is asked for, what the venue answers, and what is heard. Pure; time is handed in. */
export class CarriedChannels implements HeardSink {
  /** When data came, or the venue's own beat; what it answers does not count. */
  livedAtUs = 0;
  /** When the venue said last that it was asked too much. */
  ratedAtUs = -Infinity;
  /** By the number that the listener tells; those that are carried no more are null. */
  private readonly numbered: (Subscription | null)[] = [];
  private readonly listener: FrameListener;
  private nextId = 1;
  private nowUs = 0;

  constructor(private readonly stream: VenueStream) {
    this.listener = stream.listen(this);
  }

  get all(): Subscription[] {
    return this.numbered.filter((one) => one !== null);
  }

  get symbols(): string[] {
    return [...new Set(this.all.map(({ channel }) => channel.instrument.symbol))];
  }

  find(symbol: string, feed: FeedName): Subscription | undefined {
    return this.all.find(({ channel }) => channel.instrument.symbol === symbol && channel.feed === feed);
  }

  add(channels: readonly WantedChannel[]): Subscription[] {
    return channels.map((channel) => {
      const subscription = new Subscription(channel);
      this.listener.add(channel, this.numbered.length);
      this.numbered.push(subscription);
      return subscription;
    });
  }

  /** Messages that leave a symbol's channels, which are carried no more. */
  leave(symbol: string): Message[] {
    const left = this.all.filter(({ channel }) => channel.instrument.symbol === symbol);
    for (const one of left) this.numbered[this.numbered.indexOf(one)] = null;
    return this.leaving(left);
  }

  /** Messages that ask for all channels of a connection that has just opened, after what must be said first. */
  begin(): Message[] {
    return [...this.stream.opening.map((text) => ({ text })), ...this.ask(this.all)];
  }

  /** How many messages {@link begin} makes. */
  get beginsWith(): number {
    return this.stream.opening.length + this.stream.subscribe(this.all.map(({ channel }) => channel), 1).length;
  }

  /** Messages that ask for these. */
  ask(subscriptions: readonly Subscription[]): Message[] {
    const byChannel = new Map(subscriptions.map((one) => [one.channel, one]));
    const requests = this.stream.subscribe([...byChannel.keys()], this.nextId);
    this.nextId += requests.length;
    return requests.map(({ id, text, channels }) => {
      const asks = channels.map((channel) => byChannel.get(channel as WantedChannel)!);
      for (const one of asks) one.request = id;
      return { text, asks };
    });
  }

  /** Messages that leave these and ask for them anew; none for those whose request waits already. */
  askAgain(subscriptions: readonly Subscription[]): Message[] {
    const asked = subscriptions.filter(({ waits }) => !waits);
    return asked.length === 0 ? [] : [...this.leaving(asked), ...this.ask(asked)];
  }

  /** The connection is gone. */
  lost(): void {
    for (const one of this.all) one.lost();
  }

  hear(frame: Uint8Array, nowUs: number): void {
    this.nowUs = nowUs;
    this.listener.hear(frame);
  }

  judge(nowUs: number): void {
    const { all } = this;
    const quotes = new Map(all.filter(({ channel }) => channel.feed === 'ticker').map((one) => [one.channel.instrument.symbol, one]));
    for (const one of all) one.judge(quotes.get(one.channel.instrument.symbol), nowUs);
  }

  onData(number: number): void {
    const subscription = this.numbered[number];
    if (subscription === null) return;
    this.livedAtUs = this.nowUs;
    subscription.heard(this.nowUs);
  }

  onBeat(): void {
    this.livedAtUs = this.nowUs;
  }

  onAcknowledged(of: Answered): void {
    for (const one of this.answered(of)) one.acknowledged();
  }

  onRefused(of: Answered, refusal: Refusal): void {
    if (refusal.kind === 'rate') this.ratedAtUs = this.nowUs;
    for (const one of this.answered(of)) if (one.state === 'asked') one.refused(refusal, this.nowUs);
  }

  /** Whom an answer is for; one that names nobody is for all that wait for one. */
  private answered({ id, feed, venueSymbol }: Answered): readonly Subscription[] {
    return this.all.filter(({ channel, request }) =>
      (id === null || request === id) && (feed === null || channel.feed === feed) && (venueSymbol === null || channel.instrument.venueSymbol === venueSymbol));
  }

  private leaving(subscriptions: readonly Subscription[]): Message[] {
    const asked = subscriptions.filter(({ state }) => state !== 'wanted' && state !== 'refused');
    const requests = this.stream.unsubscribe(asked.map(({ channel }) => channel), this.nextId);
    this.nextId += requests.length;
    return requests.map(({ text }) => ({ text }));
  }
}
