import { appendFileSync, closeSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { SystemClock, SystemRandom } from '@parallax/runtime';
import { readJournal, type JournalRecord } from '@parallax/simulation';
import { until } from '@parallax/testing';
import { FileJournal } from '../src/file-journal.js';
import type { JournalPlace } from '../src/journal-file.js';
import { JournalLock } from '../src/journal-lock.js';

const folder = mkdtempSync(join(tmpdir(), 'parallax-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const closed = (order: string): JournalRecord => ({ kind: 'closed', order, status: 'expired', reason: null, atUs: 1 });
const ports = { clock: new SystemClock(), random: new SystemRandom() };

function open(path: string, place: Partial<JournalPlace> = {}): FileJournal {
  return new FileJournal({ path, venue: 'okx', newId: 'new', ...place }, new JournalLock(`${path}.lock`, ports));
}
/** Opens a journal, appends a line for each order, and closes it. */
async function write(path: string, orders: readonly string[], place?: Partial<JournalPlace>): Promise<FileJournal> {
  const journal = open(path, place);
  for (const order of orders) journal.append([closed(order)]);
  await journal.close();
  return journal;
}

test('what was appended is there after a restart, and a torn tail is cut off before the next append', async () => {
  const path = join(folder, 'deeper', 'a.journal');
  const first = open(path);
  expect([first.found, first.reach.journal]).toEqual([[], 'new']);
  first.append([closed('1'), closed('2')]);
  first.append([closed('3')]);
  await first.close();
  appendFileSync(path, readFileSync(path).subarray(0, 40).toString().replaceAll('\n', ' '));
  const second = await write(path, ['4'], { newId: 'another' });
  expect([second.reach.journal, second.found]).toEqual(['new', [closed('1'), closed('2'), closed('3')]]);
  expect((await write(path, [])).found).toHaveLength(4);
});

test('a journal is shortened at its start, whole before it takes the place of the longer one, and goes on as a new chain', async () => {
  const path = join(folder, 'shorter.journal');
  await write(path, ['1', '2', '3']);
  const longer = readFileSync(path);
  appendFileSync(path, 'torn');
  const second = await write(path, ['4'], { shorten: (records) => records.slice(2) });
  expect(second.found).toEqual([closed('3')]);
  expect(readJournal(readFileSync(path))).toMatchObject({ heading: { journal: 'new', venue: 'okx', chain: 2 }, records: [closed('3'), closed('4')] });
  // A line of the longer one does not fit into the shorter.
  const strange = longer.toString().split('\n')[3];
  expect(() => readJournal(Buffer.concat([readFileSync(path), Buffer.from(`${strange}\n`)]))).toThrow('line 4 of the journal');
  // Cut off in the middle of shortening: the old one stands, and what was begun is written anew.
  writeFileSync(`${path}.new`, 'half');
  await write(path, [], { shorten: (records) => records.slice(1) });
  expect(readJournal(readFileSync(path)).records).toEqual([closed('4')]);
});

test('a journal of before lines were chained is taken over, with a name of its own, and chained from then on', async () => {
  const path = join(folder, 'old.journal');
  const line = (order: string): string => {
    const json = JSON.stringify([closed(order)]);
    return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  };
  writeFileSync(path, `${line('1')}${line('2')}torn`);
  expect((await write(path, ['3'], { newId: 'born' })).found).toEqual([closed('1'), closed('2')]);
  expect(readJournal(readFileSync(path))).toMatchObject({ heading: { journal: 'born', chain: 1 }, records: [closed('1'), closed('2'), closed('3')] });
});

test('a journal that is damaged, or another venue’s, is refused with path, line and what to do; its lock is free again', async () => {
  const path = join(folder, 'b.journal');
  await write(path, ['1', '2', '3']);
  const whole = readFileSync(path).toString();
  const lines = whole.split('\n');
  writeFileSync(path, lines.toSpliced(2, 1).join('\n'));
  expect(() => open(path)).toThrow(/b\.journal cannot be read: line 3 of the journal carries the number 4: .* lost .*bring a copy of it back/);
  expect(existsSync(`${path}.lock`)).toBe(false);
  writeFileSync(path, whole);
  expect(() => open(path, { venue: 'kraken' })).toThrow('is the journal of okx, not of kraken');
  expect((await write(path, [])).found).toHaveLength(3);
});

test('who asks is told once its records are on the disk, in the order of asking, and at once where nothing is under way', async () => {
  const path = join(folder, 'c.journal');
  const journal = open(path);
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
    throw new Error('who cannot be told keeps nobody else from it');
  });
  journal.append([closed('2')]);
  journal.whenSafe(() => told.push(`second ${held()}`));
  expect(told).toEqual(['before']);
  await until(() => told.length === 4);
  await journal.close();
  expect(told).toEqual(['before', 'first 2', 'second 2', 'third 3']);
});

test('what could not be written is never told, and nothing more is taken; why not is said', async () => {
  const journal = open(join(folder, 'd.journal'));
  // Takes the file away beneath it.
  closeSync(Reflect.get(journal, 'file') as number);
  const told: string[] = [];
  expect(journal.failure).toBeNull();
  journal.append([closed('1')]);
  journal.whenSafe(() => told.push('first'));
  await expect(journal.close()).rejects.toThrow('EBADF');
  journal.whenSafe(() => told.push('second'));
  expect(told).toEqual([]);
  expect(journal.failure).toMatchObject({ code: 'STORE_FAILED', message: expect.stringMatching(/d\.journal cannot be written: EBADF/) });
});

test('who lost its lock while it slept writes no more, and does not tell what it wrote meanwhile', async () => {
  const path = join(folder, 'e.journal');
  const told: string[] = [];
  const before = open(path);
  writeFileSync(`${path}.lock`, JSON.stringify({ id: 'another', pid: 1 }));
  before.append([closed('1')]);
  before.whenSafe(() => told.push('before'));
  await before.close();
  expect([before.failure?.message, readJournal(readFileSync(path)).records]).toEqual([expect.stringContaining('its lock was taken'), []]);
  // The lock is the other's now.
  expect(existsSync(`${path}.lock`)).toBe(true);
  rmSync(`${path}.lock`);

  const meanwhile = open(path);
  meanwhile.append([closed('2')]);
  meanwhile.whenSafe(() => told.push('meanwhile'));
  // It is written in the next turn, and the disk takes longer than that.
  await Promise.resolve();
  await Promise.resolve();
  rmSync(`${path}.lock`);
  await meanwhile.close();
  expect([readJournal(readFileSync(path)).records, told]).toEqual([[closed('2')], []]);
  expect(meanwhile.failure).not.toBeNull();
});
