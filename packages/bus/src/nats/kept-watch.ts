/** One write without an answer may be lost on its way. */
const LEAST_UNANSWERED = 2;

/** What helps where the server keeps nothing: nats-server writes nothing more to a stream of which a write failed, whatever room there is later. */
export const HELP = 'Its log and its /healthz say why. Where its disk was full, make room and start nats-server again: it keeps nothing more in a '
  + 'stream of which a write failed until then';

/**
 * Whether the server keeps what is written to its streams and buckets. One whose disk is full refuses nothing: it gives no answer. Told
 * once several writes to the same place in a row got none, and again once all places keep what they are given.
 */
export class KeptWatch {
  /** How many writes in a row were not kept, by place. */
  private readonly failing = new Map<string, { count: number; reason: string }>();
  private told: string | null = null;

  constructor(
    private readonly isConnected: () => boolean,
    private readonly tell: (failure: string | null) => void,
  ) {}

  onKept(place: string): void {
    if (this.failing.delete(place)) this.look();
  }

  /** No answer came in time; while the server is away that says nothing of what it keeps. */
  onUnanswered(place: string): void {
    if (this.isConnected()) this.fail(place, 1, 'it answers no write');
  }

  /** It said itself that it cannot keep it. */
  onRefused(place: string, reason: string): void {
    this.fail(place, LEAST_UNANSWERED, reason);
  }

  private fail(place: string, by: number, reason: string): void {
    this.failing.set(place, { count: (this.failing.get(place)?.count ?? 0) + by, reason });
    this.look();
  }

  private look(): void {
    const lasting = [...this.failing].filter(([, { count }]) => count >= LEAST_UNANSWERED);
    const failure = lasting.length === 0 ? null : `NATS (the server of NATS_URL) keeps nothing in ${lasting.map(([place, { reason }]) => `${place} (${reason})`).toSorted().join(', ')}`;
    if (failure === this.told) return;
    this.told = failure;
    this.tell(failure);
  }
}
