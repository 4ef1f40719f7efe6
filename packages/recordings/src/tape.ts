/** What one entry of a recording is. */
export type TapeKind = 'stream' | 'snapshot' | 'listing' | 'opened' | 'sent';

/** One entry of a recording, whatever its file format. */
export interface TapeEntry {
  readonly kind: TapeKind;
  /** The recorder's clock. */
  readonly receivedAtUs: number;
  /** Connection within the file, from 0. */
  readonly connection: number;
  readonly bytes: Uint8Array;
  /** Address of a REST answer or an opened connection. */
  readonly url: string;
  /** The venue's name of the symbol that a snapshot is of; empty where the recording does not say. */
  readonly venueSymbol: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** A fault of a recording: where, and why. Reading goes on with the next line where that makes sense. */
export interface TapeFault {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Reads the lines of one format; null for a line that carries nothing. Throws an Error whose message is the reason. */
export interface TapeFormat {
  readonly name: string;
  read(line: Uint8Array, number: number): TapeEntry | null;
}
