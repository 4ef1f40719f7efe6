/**
 * Messages as the server reads them: `PUB <subject> <bytes>`, the bytes, a line's end each (docs.nats.io, "NATS Protocol", PUB).
 * The client makes three arrays of a message, one of them with memory of its own; of many small messages that is a third of what
 * sending them costs.
 */
const SLAB_BYTES = 64 * 1_024;
/** Subjects are as many as instruments; who publishes to ever new ones must not fill memory with them. */
const HEADS_KEPT = 32_768;
const LONGEST_COUNT = 10;
const LINE_END_BYTES = 2;
const [CARRIAGE_RETURN, LINE_FEED, ZERO] = [0x0d, 0x0a, 0x30];

export class PublishFrames {
  private readonly heads = new Map<string, Uint8Array>();
  private readonly encoder = new TextEncoder();
  private slab = new Uint8Array(0);
  private used = 0;

  /** Whether a message of this subject was made before, so that it need not be checked again. */
  knows(subject: string): boolean {
    return this.heads.has(subject);
  }

  /** One message, with a copy of `bytes`. What it lies in is not written again. */
  frame(subject: string, bytes: Uint8Array): Uint8Array {
    const head = this.heads.get(subject) ?? this.remember(subject);
    const longest = head.length + LONGEST_COUNT + 2 * LINE_END_BYTES + bytes.length;
    if (this.slab.length - this.used < longest) this.renew(longest);
    const { slab, used: start } = this;
    slab.set(head, start);
    let at = this.lineEnd(this.count(bytes.length, start + head.length));
    slab.set(bytes, at);
    at = this.lineEnd(at + bytes.length);
    this.used = at;
    return new Uint8Array(slab.buffer, start, at - start);
  }

  /** Socket and client keep views of a slab until they have sent it, so a full one is left to them. */
  private renew(longest: number): void {
    this.slab = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, longest)).buffer);
    this.used = 0;
  }

  private remember(subject: string): Uint8Array {
    if (this.heads.size >= HEADS_KEPT) this.heads.clear();
    const head = this.encoder.encode(`PUB ${subject} `);
    this.heads.set(subject, head);
    return head;
  }

  /** Writes `value` in decimal digits at `at`; where they end. */
  private count(value: number, at: number): number {
    let end = at + 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
    for (let rest = value, place = end - 1; place >= at; place--, rest = Math.floor(rest / 10)) this.slab[place] = ZERO + (rest % 10);
    return end;
  }

  private lineEnd(at: number): number {
    this.slab[at] = CARRIAGE_RETURN;
    this.slab[at + 1] = LINE_FEED;
    return at + LINE_END_BYTES;
  }
}
