import { expect, test } from '@jest/globals';
import { PublishFrames } from './publish-frames.js';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const expected = (subject: string, bytes: Uint8Array): string => `PUB ${subject} ${bytes.length}\r\n${textOf(bytes)}\r\n`;

test('a frame is what the protocol writes, whatever the length; frames that were made before stay as they are', () => {
  const frames = new PublishFrames();
  const lengths = [0, 1, 9, 10, 99, 100, 999, 1_000, 65_400, 65_536, 9_999, 10_000, 200_000, 1_048_576, 7];
  const made = lengths.map((length, index) => {
    const bytes = Buffer.alloc(length, 65 + (index % 26));
    return { frame: frames.frame(`md.quote.${index % 3}`, bytes), wanted: expected(`md.quote.${index % 3}`, bytes) };
  });
  for (let index = 0; index < 5_000; index++) {
    const bytes = Buffer.from(String(index));
    made.push({ frame: frames.frame(`md.book.${index % 7}`, bytes), wanted: expected(`md.book.${index % 7}`, bytes) });
  }
  expect(made.filter(({ frame, wanted }) => textOf(frame) !== wanted)).toEqual([]);
});

test('the bytes are copied, and a subject beyond ASCII is written as UTF-8', () => {
  const frames = new PublishFrames();
  const bytes = Buffer.from('before');
  const frame = frames.frame('t.größe', bytes);
  bytes.fill(0);
  expect(textOf(frame)).toBe('PUB t.größe 6\r\nbefore\r\n');
});

test('more subjects than are kept are forgotten, and still written right', () => {
  const frames = new PublishFrames();
  for (let index = 0; index < 40_000; index++) frames.frame(`t.${index}`, Buffer.of());
  expect([frames.knows('t.0'), frames.knows('t.39999'), frames.knows('t.40000')]).toEqual([false, true, false]);
  expect(textOf(frames.frame('t.0', Buffer.from('x')))).toBe('PUB t.0 1\r\nx\r\n');
});
