import { ParallaxError } from '@parallax/types';
import { partsOf, rowPart, ROW_PART_BYTES } from '@parallax/wire';

/** Who asks for a keyframe part by part has so long for it; then the book has moved on too far to be joined anyway. */
const HELD_US = 10_000_000;
/** Each may be some megabytes: more at a time are not held, the oldest goes. */
const MOST_HELD = 16;

interface Held {
  readonly bytes: Uint8Array;
  readonly atUs: number;
}

/** Keyframes that are larger than one message, held while somebody asks for the parts of them. */
export class HeldKeyframes {
  private readonly held = new Map<number, Held>();
  private newest = 0;

  constructor(private readonly partBytes = ROW_PART_BYTES) {}

  /** The answer to who asks for a keyframe: itself where it fits, else its first part, which names it. `bytes` may be reused. */
  first(bytes: Uint8Array, nowUs: number): Uint8Array {
    this.forget(nowUs);
    if (partsOf(bytes.length, this.partBytes) === 1) return bytes;
    const of = ++this.newest;
    this.held.set(of, { bytes: bytes.slice(), atUs: nowUs });
    return rowPart(bytes, 0, of, this.partBytes);
  }

  /** @throws ParallaxError `INPUT_REFUSED` for one that is not held any more. */
  next({ of, part }: { readonly of: number; readonly part: number }, nowUs: number): Uint8Array {
    this.forget(nowUs);
    const held = this.held.get(of);
    const parts = held ? partsOf(held.bytes.length, this.partBytes) : 0;
    if (!held || part >= parts) {
      throw new ParallaxError('INPUT_REFUSED', `part ${part} of keyframe ${of} is not held here; ask for a new keyframe`, { place: 'next' });
    }
    const message = rowPart(held.bytes, part, of, this.partBytes);
    if (part === parts - 1) this.held.delete(of);
    return message;
  }

  private forget(nowUs: number): void {
    for (const [of, { atUs }] of this.held) if (nowUs - atUs > HELD_US || this.held.size > MOST_HELD) this.held.delete(of);
  }
}
