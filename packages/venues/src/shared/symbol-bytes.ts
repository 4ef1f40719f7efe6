import type { InstrumentTable } from '@parallax/types';

const encoder = new TextEncoder();

/**
 * Finds instruments by the bytes of a venue's own symbol as frames carry it, without making a string. Follows the
 * process's instrument table: instruments added later are found too.
 */
export class SymbolBytes {
  private readonly byHash = new Map<number, { bytes: Uint8Array; instrument: number }[]>();
  private readonly byText = new Map<string, number>();
  private known = 0;

  /** `spelling` writes the symbol as this position of the frame does (Binance stream names are lower case). */
  constructor(
    private readonly instruments: InstrumentTable,
    private readonly venue: string,
    private readonly spelling: (venueSymbol: string) => string = (venueSymbol) => venueSymbol,
  ) {}

  /** The instrument whose symbol is `bytes[from, to)`, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
    if (this.known !== this.instruments.size) this.update();
    const entries = this.byHash.get(hash);
    if (entries === undefined) return -1;
    for (const entry of entries) {
      if (entry.bytes.length === to - from && equal(entry.bytes, bytes, from)) return entry.instrument;
    }
    return -1;
  }

  findText(text: string): number {
    if (this.known !== this.instruments.size) this.update();
    return this.byText.get(text) ?? -1;
  }

  private update(): void {
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
}

function equal(symbol: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < symbol.length; i++) if (symbol[i] !== bytes[from + i]) return false;
  return true;
}
