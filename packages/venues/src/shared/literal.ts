const encoder = new TextEncoder();

/**
 * Text that must stand in a frame, laid out for comparing many bytes at a time: groups of eight as the doubles that
 * those bytes are, and what remains, zero to seven bytes, as two masked words. UTF-8 without control characters never
 * makes a NaN or a zero, so doubles are equal only where all eight bytes are.
 */
export class Literal {
  readonly length: number;
  readonly eights: Float64Array;
  readonly low: number;
  readonly lowMask: number;
  readonly high: number;
  readonly highMask: number;

  /** `text` is not empty and holds no control characters. */
  constructor(readonly text: string) {
    if (!/^[^\p{Cc}]+$/u.test(text)) throw new RangeError(`no text for a literal: ${JSON.stringify(text)}`);
    const bytes = encoder.encode(text);
    const { length } = bytes;
    const view = new DataView(new ArrayBuffer(length + 8));
    const mask = new DataView(new ArrayBuffer(length + 8));
    for (let i = 0; i < length; i++) {
      view.setUint8(i, bytes[i]);
      mask.setUint8(i, 0xff);
    }
    const rest = length & ~7;
    this.length = length;
    this.eights = Float64Array.from({ length: length >>> 3 }, (_, group) => view.getFloat64(group * 8, true));
    this.low = view.getInt32(rest, true);
    this.lowMask = mask.getInt32(rest, true);
    this.high = view.getInt32(rest + 4, true);
    this.highMask = mask.getInt32(rest + 4, true);
  }

  /** Whether it stands at `at`; up to eight bytes beyond its end are read. */
  standsAt(view: DataView, at: number): boolean {
    const { eights } = this;
    for (let i = 0; i < eights.length; i++, at += 8) if (view.getFloat64(at, true) !== eights[i]) return false;
    return ((view.getInt32(at, true) & this.lowMask) ^ this.low | (view.getInt32(at + 4, true) & this.highMask) ^ this.high) === 0;
  }
}

export function literal(text: string): Literal {
  return new Literal(text);
}
