import type { TapeEntry, TapeFormat } from './tape.js';

const SPACE = 0x20;

const MICROSECOND_DIGITS = 16;
const ZERO = 0x30;

/** A clock text of 10 to 19 digits, in seconds to nanoseconds as its length tells, as integer microseconds. */
function microsecondsOf(text: Buffer): number {
  let value = 0;
  let isTime = text.length >= 10 && text.length <= 19;
  for (let at = 0; isTime && at < text.length; at++) {
    const digit = text[at] - ZERO;
    isTime = digit >= 0 && digit <= 9;
    if (at < MICROSECOND_DIGITS) value = value * 10 + digit;
  }
  if (!isTime) throw new Error(`"${text.toString('latin1', 0, 40)}" is no time`);
  return value * 10 ** Math.max(0, MICROSECOND_DIGITS - text.length);
}

/**
 * Lines of `<local time> <raw json>`: a Binance combined stream with one REST depth snapshot among it, which is the line
 * without a stream name.
 */
export class TimestampedFormat implements TapeFormat {
  readonly name = 'timestamped';

  /** `venueSymbol` is what a snapshot that names no symbol is of. */
  constructor(private readonly venueSymbol: string) {}

  read(line: Uint8Array, number: number): TapeEntry | null {
    if (line.length === 0) return null;
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
    const space = bytes.indexOf(SPACE);
    if (space < 0) throw new Error('expected "<time> <json>"');
    const frame = bytes.subarray(space + 1);
    const snapshot = frame.indexOf('"stream"') < 0 && frame.indexOf('"lastUpdateId"') >= 0;
    return {
      kind: snapshot ? 'snapshot' : 'stream',
      receivedAtUs: microsecondsOf(bytes.subarray(0, space)),
      connection: 0,
      bytes: frame,
      url: '',
      venueSymbol: snapshot ? this.venueSymbol : '',
      line: number,
    };
  }
}
