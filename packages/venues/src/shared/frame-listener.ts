import type { Channel, FeedName } from './channel.js';
import type { JsonObject } from './plain.js';

/** `rate`: we asked too much or too fast; `lasting`: the venue does not have it, and will not soon. */
export type RefusalKind = 'rate' | 'lasting' | 'other';

export interface Refusal {
  readonly kind: RefusalKind;
  /** The venue's own words. */
  readonly reason: string;
}

/** Which channels an answer is about, as far as the venue says; null where it does not. */
export interface Answered {
  readonly id: number | null;
  readonly feed: FeedName | null;
  readonly venueSymbol: string | null;
}

/** Takes what the frames of one connection say of its channels. */
export interface HeardSink {
  /** Market data of a channel, by the number that it was added under. */
  onData(channel: number): void;
  /** The venue beat of its own accord. */
  onBeat(): void;
  onAcknowledged(of: Answered): void;
  onRefused(of: Answered, refusal: Refusal): void;
}

/**
 * Tells what a frame is of, and no more: its content is normalisation's to read and to judge. Data is told by the frame's
 * head; what has another head is parsed. Nothing throws, and what is not understood is passed over.
 */
export interface FrameListener {
  /** Data of the channel is told under this number from now on. */
  add(channel: Channel, number: number): void;
  hear(frame: Uint8Array): void;
}

const BRACE = 0x7b;
const decoder = new TextDecoder();

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object, an empty one where it is none. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
/** The objects of a list; none where it is no list. */
export const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A listener of both ways: by the head, and where that gave up by parsing the whole. */
export abstract class TwoWayListener implements FrameListener {
  constructor(protected readonly sink: HeardSink) {}

  abstract add(channel: Channel, number: number): void;

  hear(frame: Uint8Array): void {
    if (this.head(frame) || frame[0] !== BRACE) return;
    let whole: unknown;
    try {
      whole = JSON.parse(decoder.decode(frame));
    } catch {
      return;
    }
    this.whole(whole as JsonObject);
  }

  /** True when the frame was understood, and told. */
  protected abstract head(frame: Uint8Array): boolean;
  protected abstract whole(frame: JsonObject): void;

  protected tellData(number: number): void {
    if (number >= 0) this.sink.onData(number);
  }
}
