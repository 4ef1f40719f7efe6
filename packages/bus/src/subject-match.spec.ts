import { expect, test } from '@jest/globals';
import { covers, isPattern, isSubject, matches } from './subject-match.js';
import { SubjectTrie } from './subject-trie.js';
import type { Subscribed } from './subject-trie.js';

test('covers: a pattern within a pattern', () => {
  for (const [outer, inner] of [['a.>', 'a.*'], ['a.>', 'a.b.>'], ['>', 'a'], ['a.*', 'a.b'], ['a.*.c', 'a.*.c'], ['a.>', 'a.>']]) {
    expect([outer, inner, covers(outer, inner)]).toEqual([outer, inner, true]);
  }
  for (const [outer, inner] of [['a.*', 'a.>'], ['a.b', 'a.*'], ['a.>', 'a'], ['a.>', '>'], ['a.*', 'a'], ['a.*', 'a.b.c'], ['*', '>']]) {
    expect([outer, inner, covers(outer, inner)]).toEqual([outer, inner, false]);
  }
});

test('the tree finds what a plain comparison finds, through comings and goings', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const tokens = ['a', 'b', 'c', '*', '>'];
  const draw = (count: number): string => Array.from({ length: 1 + random(4) }, () => tokens[random(count)]).join('.');
  const trie = new SubjectTrie<Subscribed>();
  const all: Subscribed[] = [];
  let compared = 0;
  for (let round = 0; round < 3_000; round++) {
    const pattern = draw(5);
    if (isPattern(pattern)) {
      const subscription = { pattern, queue: undefined };
      all.push(subscription);
      trie.add(subscription);
    }
    if (all.length > 40) trie.remove(all.splice(random(all.length), 1)[0]);
    const subject = draw(3);
    expect(isSubject(subject)).toBe(true);
    const found = new Set(trie.match(subject).each);
    const expected = new Set(all.filter((candidate) => matches(candidate.pattern, subject)));
    expect(found).toEqual(expected);
    compared += expected.size;
  }
  expect(compared).toBeGreaterThan(1_000);
});
