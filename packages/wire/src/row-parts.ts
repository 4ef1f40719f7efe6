import { HEADER_COLUMNS, layoutOf, ParallaxError, Part, PART_COLUMNS, RowKind, type Row } from '@parallax/types';
import { RAW_CHUNK_BYTES } from './raw-frames.js';

/** Bytes of a row that one message carries at most. */
export const ROW_PART_BYTES = RAW_CHUNK_BYTES;
/** No row is larger: who says otherwise would only make a reader set memory aside. */
const LARGEST_ROW_BYTES = 2 ** 28;

const PART_LAYOUT = new Uint8Array(new Float64Array([layoutOf(RowKind.part)]).buffer);

/** Whether a message is a part of a row: its first column says so. The upper bytes of that column tell the kinds apart. */
export function isRowPart(message: Uint8Array): boolean {
  return message[7] === PART_LAYOUT[7] && message[6] === PART_LAYOUT[6] && message[5] === PART_LAYOUT[5];
}

/** How many messages a row of so many bytes is. */
export const partsOf = (byteLength: number, partBytes = ROW_PART_BYTES): number => Math.max(1, Math.ceil(byteLength / partBytes));

/** One part of a row as a message of its own. `of` names the keyframe that it belongs to, 0 in a stream. */
export function rowPart(bytes: Uint8Array, part: number, of = 0, partBytes = ROW_PART_BYTES): Uint8Array {
  const piece = bytes.subarray(part * partBytes, (part + 1) * partBytes);
  const message = new Uint8Array(PART_COLUMNS * 8 + piece.length);
  // Who orders messages by time, or counts their sequence, finds here what the whole row says.
  message.set(bytes.subarray(0, HEADER_COLUMNS * 8));
  const row = new Float64Array(message.buffer, 0, PART_COLUMNS);
  row[Part.layout] = layoutOf(RowKind.part);
  row[Part.part] = part;
  row[Part.parts] = partsOf(bytes.length, partBytes);
  row[Part.byteLength] = bytes.length;
  row[Part.of] = of;
  message.set(piece, PART_COLUMNS * 8);
  return message;
}

/** Calls `send` with a row's bytes as they are, or with one part after the other where they are too many for a message. */
export function sendRow(bytes: Uint8Array, send: (message: Uint8Array) => void, partBytes = ROW_PART_BYTES): void {
  if (bytes.length <= partBytes) return send(bytes);
  const parts = partsOf(bytes.length, partBytes);
  for (let part = 0; part < parts; part++) send(rowPart(bytes, part, 0, partBytes));
}

/** What a part says besides its bytes. */
export interface PartHead {
  readonly part: number;
  readonly parts: number;
  readonly of: number;
}

/** Puts the parts of one row after the other together; a row of which a part is missing never comes out. */
export class RowAssembler {
  /** Rows that were begun and not finished. */
  lost = 0;
  private readonly head: Row = new Float64Array(PART_COLUMNS);
  private readonly headBytes = new Uint8Array(this.head.buffer);
  private bytes = new Uint8Array(0);
  private filled = 0;
  private parts = 0;
  /** The part that must come next; 0 where no row is begun. */
  private next = 0;

  /**
   * Takes the next part; returns the whole row's bytes with the last one, else null.
   * @throws ParallaxError `INPUT_REFUSED` for bytes that are no part, or say of their row what cannot be.
   */
  take(message: Uint8Array): Uint8Array | null {
    const { part, parts } = this.read(message);
    const piece = message.subarray(PART_COLUMNS * 8);
    if (part === 0) {
      if (this.next > 0) this.lost++;
      this.bytes = new Uint8Array(this.head[Part.byteLength]);
      this.filled = 0;
      this.next = 0;
      this.parts = parts;
    } else if (part !== this.next || parts !== this.parts) {
      if (this.next > 0) this.lost++;
      this.next = 0;
      return null;
    }
    if (this.filled + piece.length > this.bytes.length) {
      this.next = 0;
      throw refused(`a row of ${this.bytes.length} bytes has more in its parts`);
    }
    this.bytes.set(piece, this.filled);
    this.filled += piece.length;
    this.next++;
    if (this.next < parts) return null;
    this.next = 0;
    if (this.filled !== this.bytes.length) throw refused(`a row of ${this.bytes.length} bytes has ${this.filled} in its parts`);
    return this.bytes;
  }

  /** What the part that was taken last said. */
  get last(): PartHead {
    return { part: this.head[Part.part], parts: this.head[Part.parts], of: this.head[Part.of] };
  }

  private read(message: Uint8Array): PartHead {
    if (message.length < PART_COLUMNS * 8 || !isRowPart(message)) throw refused(`a part of a row has at least ${PART_COLUMNS * 8} bytes and says that it is one`);
    this.headBytes.set(message.subarray(0, PART_COLUMNS * 8));
    const { last, head } = this;
    const byteLength = head[Part.byteLength];
    const sane = Number.isInteger(byteLength) && byteLength >= 0 && byteLength <= LARGEST_ROW_BYTES
      && Number.isInteger(last.part) && Number.isInteger(last.parts) && last.part >= 0 && last.part < last.parts;
    if (!sane) throw refused(`part ${last.part} of ${last.parts} of a row of ${byteLength} bytes`);
    return last;
  }
}

const refused = (what: string): ParallaxError => new ParallaxError('INPUT_REFUSED', what);
