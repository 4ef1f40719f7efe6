import { expect, test } from '@jest/globals';
import { WrongKeys } from './wrong-keys.js';

const SECOND_US = 1_000_000;

test('the eleventh wrong key of an address within a minute is one too many, for this address alone, and a minute later none is', () => {
  const wrong = new WrongKeys();
  const added = (address: string, atS: number): boolean => wrong.add(address, atS * SECOND_US);
  for (let i = 0; i < 10; i++) expect(added('one', i)).toBe(false);
  expect([added('other', 10), wrong.guessersAt(10 * SECOND_US)]).toEqual([false, []]);
  expect([added('one', 11), added('one', 59)]).toEqual([true, true]);
  expect([added('other', 59), added('one', 60)]).toEqual([false, false]);
  expect([wrong.total, wrong.guessersAt(118 * SECOND_US), wrong.guessersAt(119 * SECOND_US)]).toEqual([15, ['one'], []]);
});

test('of very many addresses the oldest are forgotten, not the newest', () => {
  const wrong = new WrongKeys();
  for (let i = 0; i < 10; i++) wrong.add('first', 0);
  for (let i = 0; i < 10; i++) wrong.add('kept', 0);
  for (let i = 0; i < 999; i++) wrong.add(`address ${i}`, 0);
  expect([wrong.add('kept', 1), wrong.add('first', 1)]).toEqual([true, false]);
});

test('those who sent too many are named, the newest first', () => {
  const wrong = new WrongKeys();
  for (const address of ['one', 'other', 'one']) for (let i = 0; i < 11; i++) wrong.add(address, SECOND_US);
  wrong.add('once', SECOND_US);
  expect(wrong.guessersAt(2 * SECOND_US)).toEqual(['one', 'other']);
});
