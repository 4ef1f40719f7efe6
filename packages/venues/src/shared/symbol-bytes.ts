import type { InstrumentTable } from '@parallax/types';
import { Literal } from './literal.js';
import type { ByteScanner } from './scan.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Entry {
  readonly bytes: Uint8Array;
  readonly instrument: number;
  /** The symbol with what stands before it and the byte that closes it, once it was found. */
  closed?: Literal;
}

/**
 * Finds instruments by the bytes of a venue's own symbol as frames carry it, without making a string. Follows the
 * process's instrument table: instruments added later are found too, and renamed ones by their new names alone.
 */
export class SymbolBytes {
  private readonly byHash = new Map<number, Entry[]>();
  private readonly byText = new Map<string, number>();
  private known = 0;
  private renames = 0;
  /** What was found last: frames of one symbol often come in runs. */
  private last: Literal | undefined;
  private lastInstrument = -1;

  private readonly opening: Literal | undefined;

  /**
   * `spelling` writes the symbol as this position of the frame does (Binance stream names are lower case); `before` is text
   * that stands before every symbol and is taken with it.
   */
  constructor(
    private readonly instruments: InstrumentTable,
    private readonly venue: string,
    private readonly spelling: (venueSymbol: string) => string = (venueSymbol) => venueSymbol,
    private readonly before = '',
  ) {
    if (before !== '') this.opening = new Literal(before);
    // What is known already is laid out now, not while the first frame waits.
    this.update();
  }

  /**
   * The instrument whose symbol stands here, closed by the byte `close`, which is the same at every call; moves past
   * both. -1 where there is none.
   */
  take(scanner: ByteScanner, close: number): number {
    if (this.last !== undefined && this.renames === this.instruments.renames && scanner.take(this.last)) return this.lastInstrument;
    if (this.opening !== undefined && !scanner.take(this.opening)) return -1;
    const { bytes, at: from, end } = scanner;
    let at = from;
    while (at < end && bytes[at] !== close) at++;
    if (at === end) return -1;
    const entry = this.find(bytes, from, at);
    if (entry === undefined) return -1;
    scanner.at = at + 1;
    entry.closed ??= new Literal(this.before + decoder.decode(bytes.subarray(from, at + 1)));
    this.last = entry.closed;
    this.lastInstrument = entry.instrument;
    return entry.instrument;
  }

  findText(text: string): number {
    this.update();
    return this.byText.get(text) ?? -1;
  }

  private find(bytes: Uint8Array, from: number, to: number): Entry | undefined {
    let hash = 0;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
    this.update();
    return this.byHash.get(hash)?.find((entry) => entry.bytes.length === to - from && equal(entry.bytes, bytes, from));
  }

  private update(): void {
    if (this.renames !== this.instruments.renames) this.forget();
    for (; this.known < this.instruments.size; this.known++) {
      const specification = this.instruments.get(this.known);
      if (specification.venue !== this.venue) continue;
      const text = this.spelling(specification.venueSymbol);
      if (!this.byText.has(text)) this.byText.set(text, this.known);
      const bytes = encoder.encode(text);
      let hash = 0;
      for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
      const entries = this.byHash.get(hash) ?? [];
      entries.push({ bytes, instrument: this.known });
      this.byHash.set(hash, entries);
    }
  }

  private forget(): void {
    this.renames = this.instruments.renames;
    this.byHash.clear();
    this.byText.clear();
    this.known = 0;
    this.last = undefined;
  }
}

function equal(symbol: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < symbol.length; i++) if (symbol[i] !== bytes[from + i]) return false;
  return true;
}
