/** A text to look for in frames: steps ahead by what the byte at its end allows. */
export class Needle {
  readonly length: number;
  private readonly bytes: Uint8Array;
  private readonly steps: Uint8Array;

  /** `text` has 1 to 255 bytes. */
  constructor(text: string) {
    this.bytes = new TextEncoder().encode(text);
    this.length = this.bytes.length;
    this.steps = new Uint8Array(256).fill(this.length);
    for (let i = 0; i < this.length - 1; i++) this.steps[this.bytes[i]] = this.length - 1 - i;
  }

  standsAt(frame: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.length; i++) if (frame[at + i] !== this.bytes[i]) return false;
    return true;
  }

  /** Where the text ends that stands first at or after `from`; -1 where it stands no more. */
  behind(frame: Uint8Array, from: number): number {
    const { length, steps, bytes } = this;
    const last = bytes[length - 1];
    for (let end = from + length - 1; end < frame.length; end += steps[frame[end]]) {
      if (frame[end] === last && this.standsAt(frame, end - length + 1)) return end + 1;
    }
    return -1;
  }
}
