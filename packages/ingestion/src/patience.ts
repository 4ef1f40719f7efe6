import type { FeedName, Owed } from '@parallax/venues';

const SECOND_US = 1_000_000;
/** No channel counts as silent before so long. Best quotes and trades stand still more often than a whole book does. */
const AT_LEAST_US: Readonly<Record<FeedName, number>> = { depth: 20 * SECOND_US, ticker: 120 * SECOND_US, trades: 120 * SECOND_US };
/** However calm a market is, it is asked after so long whether it still is. */
const AT_MOST_US = 600 * SECOND_US;
/** A state that comes at once on asking may take so long. */
const ON_ASKING_US = 20 * SECOND_US;
/** What a venue owes within a time may come that much later. */
const LATE = 1.5;
/** Silence is more than so many of the longest pauses lately. */
const PAUSES = 3;
/** A pause is forgotten within about so long. */
const FORGOTTEN_US = 600 * SECOND_US;

/** How long silence of one channel is borne: by what the venue owes, and by the pauses that the channel made lately. */
export class Patience {
  private longestUs = 0;

  constructor(
    private readonly feed: FeedName,
    private readonly owed: Owed,
  ) {}

  /** A pause that was none of a fault: data came before and after it on one subscription. */
  note(pauseUs: number): void {
    this.longestUs = Math.max(pauseUs, this.longestUs * (1 - Math.min(1, pauseUs / FORGOTTEN_US)));
  }

  /** Whether something of the channel must come even where nothing happens, or a market that is open changes it soon. */
  get isOwing(): boolean {
    return this.feed === 'depth' || this.owed.onAsking || this.owed.everyMs !== null;
  }

  /** Whether asking is answered by data, so that an answer proves the channel. */
  get answersAsking(): boolean {
    return this.owed.onAsking;
  }

  /** From asking to the first data, in microseconds. */
  get firstUs(): number {
    return this.owed.onAsking ? ON_ASKING_US : this.usualUs;
  }

  /** From one data to the next, in microseconds. */
  get nextUs(): number {
    const { everyMs } = this.owed;
    return everyMs === null ? this.usualUs : Math.min(this.usualUs, everyMs * LATE * 1_000);
  }

  private get usualUs(): number {
    return Math.min(AT_MOST_US, Math.max(AT_LEAST_US[this.feed], PAUSES * this.longestUs));
  }
}
