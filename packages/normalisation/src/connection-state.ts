import type { NoticeKind } from '@parallax/venues';

/** What normalisation knows of one connection: the symbols it carries, and its place in the venue's own numbering. */
export class ConnectionState {
  readonly instruments = new Set<number>();
  readonly notices = new Map<NoticeKind, number>();
  private last = -1;
  private sequence = -1;

  /** Notes that the connection carries an instrument; cheap for the one that came last. */
  carries(instrument: number): void {
    if (instrument === this.last) return;
    this.last = instrument;
    this.instruments.add(instrument);
  }

  /** Whether a connection-wide sequence number follows the one before; the first may be any. */
  follows(sequence: number): boolean {
    const linked = this.sequence < 0 || sequence === this.sequence + 1;
    this.sequence = sequence;
    return linked;
  }
}
