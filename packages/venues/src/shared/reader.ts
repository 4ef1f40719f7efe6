import type { FinerNumber } from './plain.js';
import type { DepthUpdate, TickerUpdate, TradesUpdate } from './updates.js';

/** Frames that carry no market event, by what they mean to the connection. */
export type NoticeKind =
  | 'subscribed' | 'unsubscribed' | 'heartbeat' | 'pong' | 'status' | 'closing' | 'error'
  /** Of a channel that Parallax does not read, or empty by design. */
  | 'ignored';

/**
 * Takes what a frame reader found. A reader calls it only once the whole frame has been read and checked, so that each part
 * of a frame (the changes of one book, one trade, one quote) is taken as a whole or not at all. Updates are reused objects,
 * valid until the method returns.
 */
export interface FrameSink {
  onDepth(update: DepthUpdate): void;
  onTicker(update: TickerUpdate): void;
  onTrades(update: TradesUpdate): void;
  /** `instrument` is -1 for what concerns the whole connection. */
  onNotice(kind: NoticeKind, instrument: number, detail: string): void;
  /** For venues that number a whole connection (Coinbase): called before the frame's events. */
  onConnectionSequence(sequence: number): void;
  /**
   * A frame, or one part of it, is not what the venue documents. `place` is a field's path or a byte offset; -1 = symbol unknown.
   * `mayBeOfBook`: whether it may have changed a book of ours. False where it came on another channel than books do, or is of
   * a symbol that is not read.
   */
  onRefused(reason: string, place: string, instrument: number, mayBeOfBook: boolean): void;
  /** A number of the instrument has more decimals than its scale: the venue has changed it, or never told all. */
  onFiner?(finer: FinerNumber, instrument: number): void;
}

/**
 * Turns a venue's frames into updates. Two paths: `scan` walks the bytes of frames whose shape is known and gives up
 * (false, nothing emitted) at the first thing it did not expect; `plain` parses the text, is the definition of what is
 * right, and ends for each part of the frame in exactly one of: an update, a notice, a refusal. Neither throws.
 */
export interface FrameReader {
  /** `scan`, and `plain` where that gave up. */
  read(bytes: Uint8Array): void;
  scan(bytes: Uint8Array): boolean;
  plain(bytes: Uint8Array): void;
  /** Reads the body of a REST snapshot that was asked for `instrument`; venues without one refuse it. */
  snapshot(bytes: Uint8Array, instrument: number): void;
}
