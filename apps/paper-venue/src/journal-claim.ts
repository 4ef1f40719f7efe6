import type { StateBucket } from '@parallax/bus';
import { ParallaxError } from '@parallax/types';
import type { JournalReach } from '@parallax/simulation';
import { decodeJson, encodeJson, journalClaimSchema, type JournalClaim } from '@parallax/wire';

/**
 * Which journal a venue's orders are in, and how far it goes, as shared state says. An instance without that journal, or with
 * less of it, would answer that it does not know an order, and the order would be sent and filled again.
 */
export class JournalClaims {
  private standing: JournalClaim | null = null;
  private revision = 0;
  private putting: Promise<void> = Promise.resolve();

  constructor(
    private readonly bucket: StateBucket,
    private readonly key: string,
    private readonly venue: string,
    /** Ids of journals that are given up, in part or whole. */
    private readonly lost: readonly string[],
  ) {}

  /** How far the venue's journal must go; null where nothing is known of it, or what is missing is given up. */
  async least(): Promise<JournalReach | null> {
    const entry = await this.bucket.get(this.key);
    this.standing = entry?.bytes ? decodeJson(journalClaimSchema, entry.bytes) : null;
    this.revision = entry?.revision ?? 0;
    return this.standing === null || this.lost.includes(this.standing.journal) ? null : this.standing;
  }

  /**
   * Makes `own` the venue's journal, after {@link least}, where none is or the one that was is given up.
   * @throws ParallaxError `STORE_FAILED` where another one is, with the way out; `STATE_CONFLICT` where it changed meanwhile.
   */
  async claim(own: JournalClaim): Promise<void> {
    const { standing, venue, lost } = this;
    if (standing !== null && standing.journal !== own.journal && !lost.includes(standing.journal)) {
      throw new ParallaxError(
        'STORE_FAILED',
        `the orders of ${venue} are in the journal ${standing.journal} (${standing.place}, last held by ${standing.instance}), and this ` +
          `instance has the journal ${own.journal} (${own.place}): give it that one, or name that one in PAPER_LOST_JOURNALS if it is lost for good`,
        { place: own.place },
      );
    }
    await this.put(own);
  }

  /** Tells how far the journal has come, once at a time. What cannot be told, or is another's by now, is left: the older word holds. */
  async note(reach: JournalReach): Promise<void> {
    await this.putting;
    const { standing } = this;
    if (standing === null || (standing.chain === reach.chain && standing.lines === reach.lines)) return;
    this.putting = this.put({ ...standing, ...reach }).catch(() => this.lookAgain(standing));
    await this.putting;
  }

  /** What was told may stand there although its answer was lost, or be gone: then the next word follows that. */
  private async lookAgain({ journal, instance }: JournalClaim): Promise<void> {
    try {
      const entry = await this.bucket.get(this.key);
      const found = entry?.bytes ? decodeJson(journalClaimSchema, entry.bytes) : null;
      if (found === null || (found.journal === journal && found.instance === instance)) this.revision = entry?.revision ?? 0;
    } catch {
      // The bus is away, or the word cannot be read: the next one looks again.
    }
  }

  private async put(claim: JournalClaim): Promise<void> {
    this.revision = await this.bucket.put(this.key, encodeJson(claim), this.revision);
    this.standing = claim;
  }
}
