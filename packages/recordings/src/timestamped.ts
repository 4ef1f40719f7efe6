import type { TapeEntry, TapeFormat } from './tape.js';

const SPACE = 0x20;

/** A clock text in seconds to nanoseconds, told by its length, as integer microseconds. */
export function microsecondsOf(digits: string): number {
  if (!/^\d{10,19}$/.test(digits)) throw new Error(`"${digits.slice(0, 40)}" is no time`);
  const shift = digits.length - 16;
  return shift > 0 ? Number(digits.slice(0, 16)) : Number(digits.padEnd(16, '0'));
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
      receivedAtUs: microsecondsOf(bytes.toString('latin1', 0, space)),
      connection: 0,
      bytes: frame,
      url: '',
      venueSymbol: snapshot ? this.venueSymbol : '',
      line: number,
    };
  }
}
