import type { Clock, Timers } from '@parallax/types';
import type { Client, Connection, VenueEndpoint } from '../endpoint.js';
import { streamsOfPath } from '../venues/binance-session.js';
import type { RestReply } from '../venues/protocol.js';
import { inferredListing } from './inferred-listing.js';
import type { Tape, TapeAnswer, TapeFrame, TapeLane } from './tape.js';
import { BinanceSubscriptions, okxKey, OkxSubscriptions, WholeConnection, type TapeSubscriptions } from './tape-subscriptions.js';

/** Time for a client to send the rest of its subscriptions before its first frame. */
const SETTLE_MS = 250;
/** Connections opened so soon after the first are played from the tape's start too. */
const TOGETHER_US = 5_000_000;
/** Parameters that choose how much of an answer comes, not which. */
const AMOUNTS = new Set(['limit', 'sz', 'depth', 'source']);
const ROUTES = /^\/(public|market)(?=\/)/;

export interface TapePlay {
  readonly speed: number;
  readonly loop: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** A recording served as its venue: frames at their pace on the venue's paths, REST answers at their hour. */
export class TapeVenue implements VenueEndpoint {
  readonly pingIntervalMs = 0;
  private readonly lanes: readonly TapeLane[];
  private readonly answers: readonly TapeAnswer[];
  private readonly merged: readonly TapeFrame[];
  private readonly acknowledged: ReadonlySet<string>;
  private readonly listing: { path: string; body: object } | null;
  private readonly startUs: number;
  private readonly endUs: number;
  private readonly players = new Set<TapePlayer>();
  private startedAtUs: number | null = null;
  private opened = 0;
  private cancelEnd: (() => void) | null = null;
  private stopped = false;

  /** One venue per name; recordings of one venue play together. */
  static fromTapes(tapes: readonly Tape[], play: TapePlay): TapeVenue[] {
    const names = [...new Set(tapes.map((tape) => tape.venue))];
    return names.map((name) => new TapeVenue(name, tapes.filter((tape) => tape.venue === name), play));
  }

  constructor(
    readonly venue: string,
    tapes: readonly Tape[],
    readonly play: TapePlay,
  ) {
    this.lanes = tapes.flatMap((tape) => tape.lanes);
    this.answers = tapes.flatMap((tape) => tape.answers);
    // A stable sort: each lane's own order is kept, because its times never fall.
    this.merged = this.lanes.flatMap((lane) => lane.frames).toSorted((left, right) => left.atUs - right.atUs);
    this.startUs = this.merged[0]?.atUs ?? 0;
    this.endUs = this.merged.at(-1)?.atUs ?? 0;
    this.acknowledged = new Set(this.merged.flatMap(({ data }) =>
      typeof data === 'string' && data.startsWith('{"event":"subscribe"') ? [okxKey(data) ?? ''] : []));
    this.listing = inferredListing(venue, this.merged, this.answers);
  }

  /** The recording's time now; before the first subscription it stands at the start. */
  get nowUs(): number {
    if (this.startedAtUs === null) return this.startUs;
    return this.startUs + (this.play.clock.nowUs() - this.startedAtUs) * this.play.speed;
  }

  open(path: string, query: URLSearchParams, client: Client): Connection | null {
    const choice = this.choose(path, query);
    if (!choice) return null;
    const late = this.startedAtUs !== null && this.play.clock.nowUs() - this.startedAtUs > TOGETHER_US;
    const from = late ? choice.frames.findIndex((frame) => frame.atUs >= this.nowUs) : 0;
    const player = new TapePlayer(this, client, choice.frames, from < 0 ? choice.frames.length : from, choice.subscriptions);
    this.players.add(player);
    return player;
  }

  async rest(path: string, query: URLSearchParams): Promise<RestReply | null> {
    const matching = this.answers.filter((answer) => answer.path === path && agrees(answer.query, query));
    if (matching.length === 0) {
      return this.listing?.path === path ? { status: 200, body: this.listing.body } : null;
    }
    const due = matching.findLast((answer) => answer.atUs <= this.nowUs);
    if (due || this.startedAtUs === null) return { status: 200, body: (due ?? matching[0]).text };
    // The answer came later than this in the recording: the frames before it must reach the client first.
    await new Promise<void>((resolve) => {
      this.play.timers.after(Math.max(0, matching[0].atUs - this.nowUs) / 1000 / this.play.speed, resolve);
    });
    return { status: 200, body: matching[0].text };
  }

  /** Called when a client's subscriptions are in: the first one starts the tape. */
  begin(): void {
    if (this.startedAtUs !== null || this.stopped) return;
    this.startedAtUs = this.play.clock.nowUs();
    const lengthMs = (this.endUs - this.startUs) / 1000 / this.play.speed;
    this.cancelEnd = this.play.timers.after(Math.min(lengthMs + 100, 2 ** 31 - 1), () => this.end());
  }

  forget(player: TapePlayer): void {
    this.players.delete(player);
  }

  stop(): void {
    this.stopped = true;
    this.cancelEnd?.();
    for (const player of this.players) player.stop();
  }

  private end(): void {
    if (this.play.loop) this.startedAtUs = null;
    this.opened = 0;
    for (const player of this.players) player.finish();
  }

  private choose(path: string, query: URLSearchParams): Choice | null {
    if (this.venue.startsWith('binance')) {
      const asked = streamsOfPath(path.replace(ROUTES, ''), query);
      return asked && { frames: this.merged, subscriptions: new BinanceSubscriptions(asked.combined, asked.streams) };
    }
    const lanes = this.lanes.filter((lane) => lane.path === null || lane.path === path);
    if (lanes.length === 0) return null;
    if (this.venue === 'okx') return { frames: this.merged, subscriptions: new OkxSubscriptions(this.acknowledged) };
    return { frames: lanes[this.opened++ % lanes.length].frames, subscriptions: new WholeConnection() };
  }
}

interface Choice {
  readonly frames: readonly TapeFrame[];
  readonly subscriptions: TapeSubscriptions;
}

/** Plays one client its part of the tape. */
class TapePlayer implements Connection {
  private cancel: (() => void) | null = null;
  private running = false;

  constructor(
    private readonly venue: TapeVenue,
    private readonly client: Client,
    private readonly frames: readonly TapeFrame[],
    private next: number,
    private readonly subscriptions: TapeSubscriptions,
  ) {
    this.settle();
  }

  onText(text: string): void {
    for (const answer of this.subscriptions.onText(text)) this.client.send(answer);
    this.settle();
  }

  onClose(): void {
    this.stop();
    this.venue.forget(this);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** The tape is over. */
  finish(): void {
    this.stop();
    this.client.close(1001, 'end of tape');
  }

  private settle(): void {
    if (this.running || this.cancel || this.subscriptions.empty) return;
    this.cancel = this.venue.play.timers.after(SETTLE_MS, () => {
      this.running = true;
      this.venue.begin();
      this.run();
    });
  }

  private run(): void {
    const nowUs = this.venue.nowUs;
    while (this.next < this.frames.length && this.frames[this.next].atUs <= nowUs) {
      const data = this.subscriptions.select(this.frames[this.next++].data);
      if (data !== null) this.client.send(data);
    }
    if (this.next >= this.frames.length) return;
    const waitMs = (this.frames[this.next].atUs - nowUs) / 1000 / this.venue.play.speed;
    this.cancel = this.venue.play.timers.after(Math.max(1, Math.ceil(waitMs)), () => this.run());
  }
}

function agrees(recorded: URLSearchParams, asked: URLSearchParams): boolean {
  return [...recorded].every(([name, value]) => AMOUNTS.has(name) || asked.get(name) === value);
}
