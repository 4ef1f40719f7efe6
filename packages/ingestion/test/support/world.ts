import type { InstrumentSpecification } from '@parallax/types';
import type { FeedName, VenueLimits, VenueStream } from '@parallax/venues';
import { AddressLimits, missingSymbols, VenueStreams, type ConnectionCore } from '../../src/index.js';
import { instrument, SECOND, testStream } from './test-stream.js';

const encoder = new TextEncoder();
const LIMITS: VenueLimits = {
  connections: { amount: 100, everyMs: 1_000 }, messages: { amount: 100, everyMs: 1_000 }, streamsPerConnection: 100, restWeight: { amount: 1, everyMs: 1 },
};

interface World {
  readonly symbols: readonly string[];
  readonly feeds?: readonly FeedName[];
  readonly stream?: Partial<VenueStream>;
  readonly perConnection?: number;
}

/** The connections of a venue, its sockets and the time in the hands of a test. A socket opens as soon as it is asked for, and answers `ping`. */
export class StreamWorld {
  nowUs = 1_000 * SECOND;
  /** What was said on each socket, the first with its address; `closed` at the end. */
  readonly said: string[][] = [];
  readonly streams: VenueStreams;
  /** What the venue says on a socket every second. */
  venue: (socket: number) => readonly string[] = () => [];
  private readonly cores: ConnectionCore[] = [];
  private readonly open = new Set<number>();

  constructor({ symbols, feeds = ['depth', 'ticker'], stream, perConnection }: World) {
    const definition = { id: 'test', stream: testStream(stream, perConnection), limits: LIMITS };
    this.streams = new VenueStreams({ definition, feeds }, new AddressLimits(LIMITS), (core) => this.doorOf(core), { next: () => 0.999_999, id: () => '' });
    this.follow(symbols.map((symbol) => instrument(symbol)));
  }

  follow(instruments: readonly InstrumentSpecification[]): void {
    this.streams.follow(instruments, this.nowUs);
    this.settle();
  }

  /** Lets seconds pass; in each the venue speaks on every open socket. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.nowUs += SECOND;
      for (const socket of this.openSockets) for (const text of [...this.venue(socket), 'pong']) this.hear(socket, text);
      this.streams.wake(this.nowUs);
      this.settle();
    }
  }

  hear(socket: number, text: string): void {
    this.cores[socket].onFrame(encoder.encode(text), this.nowUs);
  }

  close(socket: number): void {
    this.open.delete(socket);
    this.cores[socket].onClose('lost', this.nowUs);
  }

  get openSockets(): number[] {
    return [...this.open];
  }

  /** What is missing, as `A depth,ticker: silent`, and `A depth: asked, not yet` while it may still come. */
  get missing(): string[] {
    return missingSymbols(this.streams.every()).map(({ symbol, feeds, state, sinceUs }) => `${symbol} ${feeds.join()}: ${state}${sinceUs === null ? ', not yet' : ''}`);
  }

  /** How often a text that begins so was said, on all sockets together. */
  count(begin: string): number {
    return this.said.flat().filter((text) => text.startsWith(begin)).length;
  }

  private readonly opening: (() => void)[] = [];

  private settle(): void {
    for (const open of this.opening.splice(0)) open();
  }

  private doorOf(core: ConnectionCore) {
    let socket = -1;
    const close = (): void => {
      if (!this.open.delete(socket)) return;
      this.said[socket].push('closed');
    };
    return {
      open: (url: string) => {
        const number = (socket = this.said.push([url]) - 1);
        this.cores[number] = core;
        this.opening.push(() => {
          this.open.add(number);
          core.onOpen(this.nowUs);
        });
      },
      send: (text: string) => {
        if (text !== 'ping') this.said[socket].push(text);
      },
      close: () => {
        close();
        core.onClose('closed', this.nowUs);
      },
      end: close,
    };
  }
}
