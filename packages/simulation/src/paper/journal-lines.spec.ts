import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { JournalRecord } from './journal.js';
import { JournalChain, readJournal, type JournalHeading } from './journal-lines.js';

const closed = (order: string): JournalRecord => ({ kind: 'closed', order, status: 'expired', reason: 'naïve €', atUs: 1 });
const heading: JournalHeading = { journal: 'f00d', venue: 'okx', chain: 3 };
const bytesOf = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join(''));

/** A heading and nine lines. */
function written(given: JournalHeading = heading): string[] {
  const chain = new JournalChain();
  return [chain.line(given), ...Array.from({ length: 9 }, (_, at) => chain.line([closed(`${at}`), closed(`${at} too`)]))];
}
function refusal(lines: readonly string[]): { place: string; message: string } {
  try {
    readJournal(bytesOf(lines));
  } catch (error) {
    return error as { place: string; message: string };
  }
  throw new Error('it was read');
}

test('what was written is read, and goes on where it ended', () => {
  const lines = written();
  const read = readJournal(bytesOf(lines));
  expect([read.heading, read.records.length, read.records[3], read.validBytes]).toEqual([heading, 18, closed('1 too'), bytesOf(lines).length]);
  const more = [...lines, read.chain.line([closed('x')])];
  expect(readJournal(bytesOf(more)).records.at(-1)).toEqual(closed('x'));
  expect(readJournal(new Uint8Array())).toMatchObject({ heading: null, records: [], validBytes: 0 });
});

test('a torn last line is dropped, wherever it is torn', () => {
  const lines = written();
  const whole = bytesOf(lines);
  const before = bytesOf(lines.slice(0, -1)).length;
  for (let length = before; length < whole.length; length++) {
    expect(readJournal(whole.subarray(0, length))).toMatchObject({ validBytes: before, records: { length: 16 } });
  }
});

test('a line that is lost, doubled, moved or changed is refused with its number, the last as well as the first', () => {
  const lines = written();
  for (let at = 0; at < lines.length; at++) {
    const place = `line ${at + 1}`;
    if (at < lines.length - 1) {
      expect(refusal(lines.toSpliced(at, 1))).toMatchObject({ place, message: expect.stringContaining('lost or was moved') });
      expect(refusal(lines.toSpliced(at, 2, lines[at + 1], lines[at])).place).toBe(place);
    }
    expect(refusal(lines.toSpliced(at + 1, 0, lines[at]))).toMatchObject({ place: `line ${at + 2}`, message: expect.stringContaining('twice') });
    expect(refusal(lines.toSpliced(at, 1, lines[at].replace('"', "'")))).toMatchObject({ place, message: expect.stringContaining('was changed') });
    // Changed with a checksum that is right for the line alone: of the first line, the second one tells.
    const [, number, , json] = /^(\d+) (\w+) (.*)\n$/.exec(lines[at])!;
    const forged = json.replace(/"(okx|expired)"/, '"other"');
    const sum = crc32(`${number} ${forged}`).toString(16).padStart(8, '0');
    expect(refusal(lines.toSpliced(at, 1, `${number} ${sum} ${forged}\n`)).place).toBe(at === 0 ? 'line 2' : place);
  }
  expect(refusal([...lines, 'what is this\n'])).toMatchObject({ place: 'line 11', message: expect.stringContaining('no line of a journal') });
  expect(refusal(lines.slice(1)).place).toBe('line 1');
});

test('lines of two journals, or of two chains of one, do not follow from each other', () => {
  const lines = written();
  for (const other of [written({ ...heading, journal: 'beef' }), written({ ...heading, chain: 4 })]) {
    for (let at = 1; at < lines.length; at++) expect(refusal(lines.toSpliced(at, 1, other[at])).place).toBe(`line ${at + 1}`);
  }
  const chain = new JournalChain();
  expect(refusal([chain.line([closed('1')])]).message).toContain('is out of place');
  expect(refusal([new JournalChain().line(heading), new JournalChain(1, crc32(`1 ${JSON.stringify(heading)}`)).line(heading)]).message).toContain('is out of place');
});

test('a journal that is known to have gone further is refused, and so is an older copy of it', () => {
  const lines = written();
  const reach = { journal: heading.journal, chain: heading.chain, lines: 8, checksum: lines[7].split(' ')[1] };
  for (let length = 8; length <= lines.length; length++) expect(readJournal(bytesOf(lines.slice(0, length)), reach).records).toHaveLength((length - 1) * 2);
  for (let length = 1; length < 8; length++) {
    expect(() => readJournal(bytesOf(lines.slice(0, length)), reach)).toThrow(`line ${length + 1} of the journal is lost, and all up to line 8`);
  }
  expect(() => readJournal(bytesOf(lines), { ...reach, chain: 4 })).toThrow('a copy of before the journal was written anew');
  expect(() => readJournal(bytesOf(lines), { ...reach, checksum: '00000000' })).toThrow('line 8 of the journal is another than was written there');
  // A later chain holds all that is known; another journal has nothing to do with it.
  expect(readJournal(bytesOf(lines.slice(0, 3)), { ...reach, chain: 2 }).records).toHaveLength(4);
  expect(readJournal(bytesOf(lines.slice(0, 3)), { ...reach, journal: 'beef' }).records).toHaveLength(4);
});

test('a journal of before lines were numbered is read, with each line checked by itself', () => {
  const old = (order: string): string => {
    const json = JSON.stringify([closed(order)]);
    return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  };
  const lines = ['1', '2', '3'].map(old);
  expect(readJournal(bytesOf(lines))).toMatchObject({ heading: null, records: [closed('1'), closed('2'), closed('3')] });
  const damaged = bytesOf(lines);
  damaged[damaged.length - 10] ^= 1;
  expect(readJournal(damaged)).toMatchObject({ records: { length: 2 }, validBytes: bytesOf(lines.slice(0, 2)).length });
  damaged[20] ^= 1;
  expect(() => readJournal(damaged)).toThrow('line 1 of the journal is damaged');
});
