/** What normalisation knows of one connection: whose books it carries, and its place in the venue's own numbering. */
export class ConnectionState {
  readonly books = new Set<number>();
  heardAtUs = 0;
  private last = -1;
  private sequence = -1;

  /** Notes that an instrument's book comes on this connection; cheap for the one that came last. */
  carriesBook(instrument: number): void {
    if (instrument === this.last) return;
    this.last = instrument;
    this.books.add(instrument);
  }

  /** Whether a connection-wide sequence number follows the one before; the first may be any. */
  follows(sequence: number): boolean {
    const linked = this.sequence < 0 || sequence === this.sequence + 1;
    this.sequence = sequence;
    return linked;
  }
}
