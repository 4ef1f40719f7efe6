import type { FrameReader } from './reader.js';

/** Takes frames whose shape is known, and says false, with nothing emitted, for all others. */
export interface ScanPath {
  scan(bytes: Uint8Array): boolean;
}

/** Takes any frame: updates, a notice or a refusal come of it. */
export interface PlainPath {
  read(bytes: Uint8Array): void;
  snapshot(bytes: Uint8Array, instrument: number): void;
}

/** A reader of both paths: the scan first, and where it gives up the plain one. What a venue's reader is, but for its paths. */
export class TwoPathReader implements FrameReader {
  constructor(
    private readonly fast: ScanPath,
    private readonly slow: PlainPath,
  ) {}

  read(bytes: Uint8Array): void {
    if (!this.fast.scan(bytes)) this.slow.read(bytes);
  }

  scan(bytes: Uint8Array): boolean {
    return this.fast.scan(bytes);
  }

  plain(bytes: Uint8Array): void {
    this.slow.read(bytes);
  }

  snapshot(bytes: Uint8Array, instrument: number): void {
    this.slow.snapshot(bytes, instrument);
  }
}
