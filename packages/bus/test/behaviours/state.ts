import { expect, test } from '@jest/globals';
import { until } from '@parallax/testing';
import type { StateEntry } from '../../src/index.js';
import type { Suite } from './suite.js';
import { bytesOf, codeOf, textOf } from '../support/fixture.js';

export const state: Suite = (fixture) => {
  test('compare-and-set: one of two wins; nothing expected means absent or deleted', async () => {
    const facts = (await fixture().bus('tester')).state('facts');
    const other = (await fixture().bus('tester')).state('facts');
    expect(await facts.get('cas.a')).toBeNull();
    const first = await facts.put('cas.a', bytesOf('1'), 0);
    expect(await codeOf(other.put('cas.a', bytesOf('x'), 0))).toBe('STATE_CONFLICT');
    const race = [facts.put('cas.a', bytesOf('2'), first), other.put('cas.a', bytesOf('3'), first)];
    expect((await Promise.all(race.map(codeOf))).toSorted()).toEqual(['STATE_CONFLICT', 'none']);
    const entry = await other.get('cas.a');
    expect(entry!.revision).toBeGreaterThan(first);
    expect(['2', '3']).toContain(textOf(entry!.bytes));
    expect(await codeOf(facts.delete('cas.a', first))).toBe('STATE_CONFLICT');
    await facts.delete('cas.a', entry!.revision);
    expect(await facts.get('cas.a')).toBeNull();
    const again = await facts.put('cas.a', bytesOf('4'), 0);
    expect(again).toBeGreaterThan(entry!.revision);
    const blind = await facts.put('cas.a', bytesOf('5'));
    expect(blind).toBeGreaterThan(again);
  });

  test('keys that were deleted are still known as that, until they are there again', async () => {
    const facts = (await fixture().bus('tester')).state('facts');
    await facts.put('gone.a', bytesOf('1'));
    await facts.put('gone.b', bytesOf('1'));
    expect(await facts.deleted('gone.*')).toEqual([]);
    await facts.delete('gone.a');
    expect([await facts.deleted('gone.*'), await facts.keys('gone.*')]).toEqual([['gone.a'], ['gone.b']]);
    expect(await facts.deleted()).toContain('gone.a');
    await facts.put('gone.a', bytesOf('2'));
    expect(await facts.deleted('gone.*')).toEqual([]);
  });

  test('keys by pattern; a key must be a key', async () => {
    const facts = (await fixture().bus('tester')).state('facts');
    for (const key of ['k.b', 'k.a', 'k.c.d', 'l.a']) await facts.put(key, bytesOf(key));
    await facts.delete('k.b');
    expect(await facts.keys('k.*')).toEqual(['k.a']);
    expect(await facts.keys('k.>')).toEqual(['k.a', 'k.c.d']);
    expect((await facts.keys()).filter((key) => key.startsWith('l.'))).toEqual(['l.a']);
    for (const key of ['', 'a b', 'a.*', 'a..b', '.a']) expect(await codeOf(facts.put(key, bytesOf('x')))).toBe('INPUT_REFUSED');
  });

  test('watch: what is there first, then every change, null for a deletion', async () => {
    const facts = (await fixture().bus('tester')).state('facts');
    const writer = (await fixture().bus('tester')).state('facts');
    await writer.put('w.a', bytesOf('1'));
    await writer.put('w.gone', bytesOf('1'));
    await writer.delete('w.gone');
    await writer.put('other.a', bytesOf('1'));
    const seen: StateEntry[] = [];
    const watch = await facts.watch('w.>', (entry) => seen.push(entry));
    expect(seen.map(({ key, bytes }) => `${key}=${textOf(bytes)}`)).toEqual(['w.a=1']);
    const revisions = [await writer.put('w.a', bytesOf('2')), await writer.put('w.b.c', bytesOf('3'))];
    expect(await codeOf(writer.put('w.a', bytesOf('never'), 1))).toBe('STATE_CONFLICT');
    await writer.delete('w.a');
    await until(() => seen.length === 4);
    expect(seen.slice(1).map(({ key, bytes }) => `${key}=${bytes === null ? null : textOf(bytes)}`)).toEqual([
      'w.a=2',
      'w.b.c=3',
      'w.a=null',
    ]);
    expect(seen.slice(1, 3).map(({ revision }) => revision)).toEqual(revisions);
    const other: string[] = [];
    const otherWatch = await facts.watch('w.a', ({ bytes }) => other.push(textOf(bytes)));
    watch.stop();
    await writer.put('w.a', bytesOf('4'));
    await until(() => other.includes('4'));
    otherWatch.stop();
    expect(seen).toHaveLength(4);
  });

  test('a reader cannot write', async () => {
    const facts = (await fixture().bus('guest')).state('facts');
    await (await fixture().bus('tester')).state('facts').put('guest.a', bytesOf('1'));
    expect(textOf((await facts.get('guest.a'))!.bytes)).toBe('1');
    expect(await codeOf(facts.put('guest.a', bytesOf('2')))).toBe('BUS_REFUSED');
    expect(await codeOf(facts.delete('guest.a'))).toBe('BUS_REFUSED');
    expect(textOf((await facts.get('guest.a'))!.bytes)).toBe('1');
  });
};
