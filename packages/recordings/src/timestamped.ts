import type { TapeEntry, TapeFormat } from './tape.js';

const encoder = new TextEncoder();

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

  read(line: string, number: number): TapeEntry | null {
    if (line === '') return null;
    const space = line.indexOf(' ');
    if (space < 0) throw new Error('expected "<time> <json>"');
    const text = line.slice(space + 1);
    const snapshot = !text.includes('"stream"') && text.includes('"lastUpdateId"');
    return {
      kind: snapshot ? 'snapshot' : 'stream',
      receivedAtUs: microsecondsOf(line.slice(0, space)),
      connection: 0,
      bytes: encoder.encode(text),
      url: '',
      venueSymbol: snapshot ? this.venueSymbol : '',
      line: number,
    };
  }
}
