import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { unpack } from '../src/gzip.js';

const PIECE = 16_384;

test('a file is read no faster than it is unpacked', async () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 2_654_435_761 % 4_294_967_296).toString(36)).join('\n'));
  const packed = gzipSync(content);
  let read = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += PIECE) {
      read++;
      yield packed.subarray(at, at + PIECE);
    }
  }
  const unpacked: Buffer[] = [];
  let readAtFirst = 0;
  for await (const piece of unpack(pieces())) {
    readAtFirst ||= read;
    unpacked.push(piece);
  }
  expect(read).toBeGreaterThan(20);
  expect(readAtFirst).toBeLessThan(5);
  expect(Buffer.concat(unpacked).equals(content)).toBe(true);
});
