import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { JournalRecord } from '@parallax/simulation';
import { FileJournal } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'parallax-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const closed = (order: string): JournalRecord => ({ kind: 'closed', order, status: 'expired', reason: null, atUs: 1 });

test('what was appended is there after a restart, and a torn tail is cut off before the next append', () => {
  const path = join(folder, 'deeper', 'a.journal');
  const first = new FileJournal(path);
  expect(first.found).toEqual([]);
  first.append([closed('1'), closed('2')]);
  first.append([closed('3')]);
  first.close();
  const whole = readFileSync(path);
  appendFileSync(path, whole.subarray(0, 40));
  const second = new FileJournal(path);
  expect(second.found).toEqual([closed('1'), closed('2'), closed('3')]);
  second.append([closed('4')]);
  second.close();
  expect(new FileJournal(path).found).toHaveLength(4);
});

test('a journal damaged in its middle is refused with the line', () => {
  const path = join(folder, 'b.journal');
  const journal = new FileJournal(path);
  for (const order of ['1', '2', '3']) journal.append([closed(order)]);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf(10) + 15] ^= 1;
  writeFileSync(path, bytes);
  expect(() => new FileJournal(path)).toThrow('line 2 of the journal is damaged');
});
