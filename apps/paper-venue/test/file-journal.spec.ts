import { appendFileSync, closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readJournal, type JournalRecord } from '@parallax/simulation';
import { FileJournal } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'parallax-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const closed = (order: string): JournalRecord => ({ kind: 'closed', order, status: 'expired', reason: null, atUs: 1 });

test('what was appended is there after a restart, and a torn tail is cut off before the next append', async () => {
  const path = join(folder, 'deeper', 'a.journal');
  const first = new FileJournal(path);
  expect(first.found).toEqual([]);
  first.append([closed('1'), closed('2')]);
  first.append([closed('3')]);
  await first.close();
  const whole = readFileSync(path);
  appendFileSync(path, whole.subarray(0, 40));
  const second = new FileJournal(path);
  expect(second.found).toEqual([closed('1'), closed('2'), closed('3')]);
  second.append([closed('4')]);
  await second.close();
  expect(new FileJournal(path).found).toHaveLength(4);
});

test('a journal is shortened at its start, whole before it takes the place of the longer one, and goes on', async () => {
  const path = join(folder, 'shorter.journal');
  const first = new FileJournal(path);
  for (const order of ['1', '2', '3']) first.append([closed(order)]);
  await first.close();
  appendFileSync(path, 'torn');
  const second = new FileJournal(path, (records) => records.slice(2));
  expect(second.found).toEqual([closed('3')]);
  second.append([closed('4')]);
  await second.close();
  expect(readJournal(readFileSync(path)).records).toEqual([closed('3'), closed('4')]);
  // Cut off in the middle of shortening: the old one stands, and what was begun is written anew.
  writeFileSync(`${path}.new`, 'half');
  const third = new FileJournal(path, (records) => records.slice(1));
  await third.close();
  expect(readJournal(readFileSync(path)).records).toEqual([closed('4')]);
});

test('a journal damaged in its middle is refused with the line', async () => {
  const path = join(folder, 'b.journal');
  const journal = new FileJournal(path);
  for (const order of ['1', '2', '3']) journal.append([closed(order)]);
  await journal.close();
  const bytes = readFileSync(path);
  bytes[bytes.indexOf(10) + 15] ^= 1;
  writeFileSync(path, bytes);
  expect(() => new FileJournal(path)).toThrow('line 2 of the journal is damaged');
});

test('who asks is told once its records are on the disk, in the order of asking, and at once where nothing is under way', async () => {
  const path = join(folder, 'c.journal');
  const journal = new FileJournal(path);
  const told: string[] = [];
  const held = (): number => readJournal(readFileSync(path)).records.length;
  journal.whenSafe(() => told.push('before'));
  expect(told).toEqual(['before']);
  journal.append([closed('1')]);
  journal.whenSafe(() => {
    told.push(`first ${held()}`);
    journal.append([closed('3')]);
    // Nothing overtakes: this comes after the one that waits already.
    journal.whenSafe(() => told.push(`third ${held()}`));
  });
  journal.append([closed('2')]);
  journal.whenSafe(() => told.push(`second ${held()}`));
  expect(told).toEqual(['before']);
  await journal.close();
  expect(told).toEqual(['before', 'first 2', 'second 2', 'third 3']);
});

test('what could not be written is never told, and nothing more is taken', async () => {
  const journal = new FileJournal(join(folder, 'd.journal'));
  // Takes the file away beneath it.
  closeSync(Reflect.get(journal, 'file') as number);
  const told: string[] = [];
  journal.append([closed('1')]);
  journal.whenSafe(() => told.push('first'));
  await expect(journal.close()).rejects.toThrow('EBADF');
  journal.whenSafe(() => told.push('second'));
  expect(told).toEqual([]);
  expect(() => journal.append([closed('2')])).toThrow('d.journal cannot be written');
});
