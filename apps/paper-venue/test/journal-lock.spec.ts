import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { SystemClock, SystemRandom } from '@parallax/runtime';
import { VirtualTime } from '@parallax/simulation';
import { JournalLock } from '../src/journal-lock.js';
import { ownMark } from '../src/system-process.js';

const folder = mkdtempSync(join(tmpdir(), 'parallax-lock-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
let path = '';
let number = 0;
beforeEach(() => {
  path = join(folder, `${number++}.lock`);
});
const lockWith = (more: Partial<ConstructorParameters<typeof JournalLock>[1]> = {}): JournalLock =>
  new JournalLock(path, { clock: new SystemClock(), random: new SystemRandom(), ...more });

/** What runs a process that takes the lock and keeps it. */
const holderLine = (): string[] => [
  process.execPath, '--conditions=source', '--import', pathToFileURL(fileURLToPath(new URL('../../../tools/swc-register.mjs', import.meta.url))).href,
  fileURLToPath(new URL('./lock-holder.ts', import.meta.url)), path,
];

/** A real process that holds the lock. */
async function holder(): Promise<ChildProcess> {
  const [command, ...given] = holderLine();
  const child = spawn(command, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

test('one holds it at a time, also within a process; given back it is free, and leaves nothing', () => {
  const first = lockWith();
  first.take();
  expect(() => lockWith().take()).toThrow(`process ${process.pid} on ${hostname()} has held it since`);
  expect(first.isOurs()).toBe(true);
  first.release();
  expect([first.isOurs(), readdirSync(folder).some((name) => path.endsWith(name))]).toEqual([false, false]);
  const second = lockWith();
  second.take();
  // Who does not hold it gives nothing back.
  first.release();
  expect(second.isOurs()).toBe(true);
  second.release();
});

test('a dead process’s lock that cannot be taken away is refused with the system’s reason, as in a folder that cannot be written', () => {
  // A file whose name is as long as a name may be cannot get a longer one, whoever asks.
  path = join(folder, `${'x'.repeat(250)}.lock`);
  writeFileSync(path, JSON.stringify({ id: 'gone', ...ownMark(), sinceUs: 1 }));
  expect(() => lockWith().take()).toThrow(/cannot be taken: a dead process left it, and it cannot be taken away: ENAMETOOLONG/);
  rmSync(path);
});

test('a process that lives is refused to others, stopped or not; a killed one’s lock is taken at once', async () => {
  const child = await holder();
  expect(() => lockWith().take()).toThrow(new RegExp(`process ${child.pid} on .* has held it since 20.*: end that process, or give this one a PARALLAX_STATE of its own`));
  child.kill('SIGSTOP');
  expect(() => lockWith().take()).toThrow(`process ${child.pid}`);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const lock = lockWith();
  lock.take();
  expect(lock.isOurs()).toBe(true);
  lock.release();
});

test('where the disk has no room for it nothing is left that others would take for a holder', async () => {
  const child = spawn('bash', ['-c', 'ulimit -f 0; exec "$@"', 'bash', ...holderLine()], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await new Promise((resolve) => child.once('exit', resolve));
  expect(said).toContain('cannot be taken: EFBIG');
  lockWith().take();
});

test('a folder that is none is told as that, and not as others who take it', () => {
  writeFileSync(path, 'a file');
  const inFile = (name: string): JournalLock => new JournalLock(join(path, name), { clock: new SystemClock(), random: new SystemRandom() });
  expect(() => inFile('okx.lock').take()).toThrow(/okx\.lock cannot be taken: there is a file where a directory must be \(EEXIST\): take the file away/);
  expect(() => inFile('below/okx.lock').take()).toThrow(/there is a file where a directory must be \(ENOTDIR\)/);
});

test('a number that was given again is no sign of life', () => {
  const mark = { ...ownMark(), id: 'x', sinceUs: 1 };
  // This process's own number, as in a container that started anew, and one of a process that began at another time.
  for (const left of [mark, { ...mark, pid: process.ppid, start: '1' }]) {
    writeFileSync(path, JSON.stringify(left));
    const lock = lockWith();
    lock.take();
    lock.release();
  }
});

test.each([
  ['of another machine', JSON.stringify({ id: 'x', pid: 7, host: 'elsewhere', space: 'another boot', start: '5', sinceUs: 1 }), 'process 7 on elsewhere'],
  ['that cannot be read', '{"id":', 'it cannot be read'],
])('a holder %s counts as gone after fifteen seconds without a sign of life, by our own clock', (_, text, sentence) => {
  const clock = new VirtualTime(1_000_000);
  const watching = lockWith({ clock });
  writeFileSync(path, text);
  const tryAfter = (us: number): void => {
    clock.advanceTo(clock.nowUs() + us);
    watching.take();
  };
  expect(() => tryAfter(0)).toThrow(sentence);
  expect(() => tryAfter(14_999_999)).toThrow(/15 s/);
  // It breathes: the file changes, whatever its time says.
  writeFileSync(path, `${text} `);
  expect(() => tryAfter(1)).toThrow();
  expect(() => tryAfter(14_999_999)).toThrow();
  tryAfter(1);
  expect(watching.isOurs()).toBe(true);
  // So does ours: the same text, touched.
  const before = readFileSync(path, 'utf8');
  const others = lockWith({ clock });
  writeFileSync(path, before.replace(/"space":"[^"]*"/, '"space":"another"'));
  for (let second = 0; second < 30; second++) {
    watching.touch();
    clock.advanceTo(clock.nowUs() + 1_000_000);
    expect(() => others.take()).toThrow();
  }
  watching.release();
});

test('of two that find a dead holder one gets it: who takes away the other’s lock by chance puts it back', () => {
  const theirs = JSON.stringify({ ...ownMark(), pid: process.ppid, start: '2', id: 'theirs', sinceUs: 1 });
  const dead = JSON.stringify({ ...ownMark(), pid: process.ppid, start: '1', id: 'dead', sinceUs: 1 });
  writeFileSync(path, dead);
  const chance = new SystemRandom();
  let asked = 0;
  // The second name that is asked for is that of the place aside, just before the dead one's lock goes there.
  const random = { next: () => 0, id: (bytes: number) => (++asked === 2 && writeFileSync(path, theirs), chance.id(bytes)) };
  const lock = lockWith({ random });
  // The pretended winner is dead as well, and its lock is put back before it is found so.
  lock.take();
  expect(asked).toBeGreaterThan(3);
  expect(lock.isOurs()).toBe(true);
  lock.release();
  expect(readdirSync(folder).filter((name) => name.includes(`${number - 1}.lock`))).toEqual([]);
});
