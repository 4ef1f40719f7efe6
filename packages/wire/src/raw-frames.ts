import { Column, layoutOf, Raw, RAW_COLUMNS, RowKind, type Row } from '@parallax/types';

/** Payload of one message at most; leaves room for the row below a server's usual limit of 1 MiB. */
export const RAW_CHUNK_BYTES = 900_000;

/** What a raw frame says besides its bytes. */
export interface RawFrame {
  connection: number;
  frame: number;
  receivedAtUs: number;
  epoch: number;
  /** One of RawKind. */
  kind: number;
}

/** Writes frames as messages: the row of {@link Raw}, then the venue's bytes; large frames in chunks. */
export class RawWriter {
  private message = new Uint8Array(64 * 1024);
  private row: Row = new Float64Array(this.message.buffer, 0, RAW_COLUMNS);
  private sequence = 0;

  constructor(private readonly chunkBytes = RAW_CHUNK_BYTES) {}

  /** Calls `send` once per message; the bytes are reused afterwards. */
  write(frame: RawFrame, bytes: Uint8Array, send: (message: Uint8Array) => void): void {
    const chunks = Math.max(1, Math.ceil(bytes.length / this.chunkBytes));
    for (let chunk = 0; chunk < chunks; chunk++) {
      const part = chunks === 1 ? bytes : bytes.subarray(chunk * this.chunkBytes, (chunk + 1) * this.chunkBytes);
      this.reserve(RAW_COLUMNS * 8 + part.length);
      const { row } = this;
      row[Column.layout] = layoutOf(RowKind.raw);
      row[Column.connection] = frame.connection;
      row[Column.frame] = frame.frame;
      row[Column.receivedAtUs] = frame.receivedAtUs;
      row[Column.sequence] = ++this.sequence;
      row[Column.epoch] = frame.epoch;
      row[Raw.chunk] = chunk;
      row[Raw.chunks] = chunks;
      row[Raw.byteLength] = bytes.length;
      row[Raw.kind] = frame.kind;
      this.message.set(part, RAW_COLUMNS * 8);
      send(this.message.subarray(0, RAW_COLUMNS * 8 + part.length));
    }
  }

  private reserve(length: number): void {
    if (length <= this.message.length) return;
    this.message = new Uint8Array(length * 2);
    this.row = new Float64Array(this.message.buffer, 0, RAW_COLUMNS);
  }
}

/** Puts the messages of one connection together again and notices those that are missing. */
export class RawAssembler {
  readonly frame: RawFrame = { connection: 0, frame: 0, receivedAtUs: 0, epoch: 0, kind: 0 };
  /** The whole frame's bytes after {@link take} returned true; valid until its next call. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Messages that did not arrive since the connection was first heard. */
  lost = 0;
  private readonly row: Row = new Float64Array(RAW_COLUMNS);
  private readonly rowBytes = new Uint8Array(this.row.buffer);
  private sequence = 0;
  private parts: Uint8Array = new Uint8Array(0);
  private next = 0;

  /** Takes one message; true when a frame is complete. Throws nothing: what is no raw message counts as lost. */
  take(message: Uint8Array): boolean {
    const { row } = this;
    if (message.length < RAW_COLUMNS * 8) return this.miss(1);
    this.rowBytes.set(message.subarray(0, RAW_COLUMNS * 8));
    if (row[Column.layout] !== layoutOf(RowKind.raw)) return this.miss(1);
    const sequence = row[Column.sequence];
    if (this.sequence !== 0 && sequence !== this.sequence + 1) this.miss(Math.max(1, sequence - this.sequence - 1));
    this.sequence = sequence;
    const { frame } = this;
    frame.connection = row[Column.connection];
    frame.frame = row[Column.frame];
    frame.receivedAtUs = row[Column.receivedAtUs];
    frame.epoch = row[Column.epoch];
    frame.kind = row[Raw.kind];
    const payload = message.subarray(RAW_COLUMNS * 8);
    if (row[Raw.chunks] === 1) {
      this.bytes = payload;
      return true;
    }
    return this.gather(payload, row[Raw.chunk], row[Raw.chunks], row[Raw.byteLength]);
  }

  private gather(payload: Uint8Array, chunk: number, chunks: number, byteLength: number): boolean {
    if (chunk === 0) {
      this.parts = new Uint8Array(byteLength);
      this.next = 0;
    } else if (this.next === 0 || this.next + payload.length > this.parts.length) {
      return false;
    }
    this.parts.set(payload, this.next);
    this.next += payload.length;
    if (chunk < chunks - 1) return false;
    const complete = this.next === byteLength;
    this.next = 0;
    this.bytes = this.parts;
    return complete;
  }

  private miss(count: number): false {
    this.lost += count;
    this.next = 0;
    return false;
  }
}
