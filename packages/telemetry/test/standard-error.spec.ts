import { expect, test } from '@jest/globals';
import { LineWriter } from '../src/index.js';

/** What takes lines: so many bytes a call, or an error. */
class Taker {
  text = '';
  failure: string | null = null;
  most = Number.POSITIVE_INFINITY;
  readonly back: [number, string][] = [];
  readonly lines = new LineWriter((bytes) => {
    if (this.failure !== null) throw Object.assign(new Error(`${this.failure}: it takes nothing`), { code: this.failure });
    const taken = bytes.subarray(0, this.most);
    this.text += Buffer.from(taken).toString();
    return taken.length;
  });

  constructor() {
    this.lines.onBack = (lost, reason) => void this.back.push([lost, reason]);
  }
}

test.each(['ENOSPC', 'EPIPE', 'EIO'])('lines that cannot be written (%s) are lost and counted, and what comes after them is written', (failure) => {
  const taker = new Taker();
  taker.lines.write('one\n');
  taker.failure = failure;
  taker.lines.write('two\n');
  taker.lines.write('three\nfour\n');
  taker.lines.flush();
  expect(taker.back).toEqual([]);
  taker.failure = null;
  taker.lines.write('five\n');
  taker.lines.write('six\n');
  expect(taker.text).toBe('one\nfive\nsix\n');
  expect(taker.back).toEqual([[3, `${failure}: it takes nothing`]]);
});

test('a line that was taken in part is ended before the next', () => {
  const taker = new Taker();
  taker.most = 2;
  const writer = new LineWriter((bytes) => {
    if (taker.text.length > 0 && taker.failure !== null) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    taker.text += Buffer.from(bytes.subarray(0, 2)).toString();
    return 2;
  });
  taker.failure = 'ENOSPC';
  writer.write('abcdef\n');
  taker.failure = null;
  writer.write('g\n');
  expect(taker.text).toBe('ab\ng\n');
});

test('a slow reader gets all in order later, nobody waits for it, and beyond a bound it gets nothing', () => {
  const taker = new Taker();
  taker.failure = 'EAGAIN';
  taker.lines.write('one\n');
  taker.lines.write(`${'x'.repeat(2 ** 20)}\n`);
  taker.lines.write('two\n');
  taker.failure = null;
  taker.lines.flush();
  expect(taker.text).toBe('one\ntwo\n');
  taker.lines.write('three\n');
  expect(taker.back).toEqual([[1, 'its reader is too slow']]);
});
