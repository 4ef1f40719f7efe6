/** Announcements are short; anything longer is not looked through. */
const LONGEST = 512;

/** Tells frames that hold `text`: for the rare word of a venue about the connection itself, where frames else go on unread. */
export function announcement(text: string): (frame: Uint8Array) => boolean {
  return (frame) => frame.length <= LONGEST && Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).includes(text);
}
