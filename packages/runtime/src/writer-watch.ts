import { Quote, Trust, TrustCause, type Row } from '@parallax/types';

/** Of two writers one is alone again when the other has been silent for so long, in microseconds. */
export const ALONE_AGAIN_US = 5_000_000;

/**
 * Who writes the market of one venue, which only one instance may. A writer puts its number, the time of its start, into all
 * that it writes. One that comes after another is its successor; where the earlier one writes on, there are two. They may
 * be of two markets, so nothing of either is taken until one of them is alone again. Pure.
 */
export class WriterWatch {
  /** Whether the last word that was not admitted showed that there are two; what was taken before it may have been either's. */
  contestBegan = false;
  private current = Number.NaN;
  /** Writers that were followed by another: one that writes again shows that there are two. */
  private readonly former = new Set<number>();
  /** While there are two: when each was heard last. */
  private readonly heard = new Map<number, number>();

  /** Whether what `writer` wrote may be taken. */
  admits(writer: number, clock: { nowUs(): number }): boolean {
    return (writer === this.current && this.heard.size === 0) || this.judge(writer, clock.nowUs());
  }

  /** The writers of whom none is alone; none where one is, or all are silent. */
  contenders(nowUs: number): readonly number[] {
    const speaking = [...this.heard].filter(([, atUs]) => nowUs - atUs <= ALONE_AGAIN_US).map(([writer]) => writer);
    return speaking.length > 1 ? speaking : [];
  }

  private judge(writer: number, nowUs: number): boolean {
    this.contestBegan = false;
    if (this.heard.size > 0) return this.isAloneAgain(writer, nowUs);
    const { current } = this;
    if (!Number.isNaN(current)) this.former.add(current);
    if (this.former.has(writer)) {
      this.heard.set(current, nowUs);
      this.heard.set(writer, nowUs);
      this.contestBegan = true;
      return false;
    }
    this.current = writer;
    return true;
  }

  private isAloneAgain(writer: number, nowUs: number): boolean {
    this.heard.set(writer, nowUs);
    for (const [other, atUs] of this.heard) if (other !== writer && nowUs - atUs <= ALONE_AGAIN_US) return false;
    // Should one of the others only have been slow, its next word shows it.
    for (const other of this.heard.keys()) this.former.add(other);
    this.former.delete(writer);
    this.heard.clear();
    this.current = writer;
    return true;
  }
}

/** Makes a quote that was not admitted one that nobody trades on. */
export function distrust(quote: Row): void {
  quote[Quote.trust] = Trust.resyncing;
  quote[Quote.cause] = TrustCause.twoWriters;
}
