import { expect, test } from '@jest/globals';
import type { RegimeEvent } from '@parallax/types';
import { RegimeBoard } from './regime-board.js';

const NOW = 1_760_000_000_000_000;
const SECOND_US = 1_000_000;
const event = (regime: RegimeEvent['regime'], atUs = NOW): RegimeEvent => ({
  venue: 'okx', symbol: 'BTC/USDT', base: 'BTC', horizon: '1m', regime, previous: null, confidence: 1, strength: 0, enteredAtUs: atUs, durationUs: 0,
  atUs, origin: { venue: 'okx', connection: 1, frame: 1, receivedAtUs: atUs },
});

test('a regime is known while it is told to stand, unknown ten seconds after the last word, and told once as such', () => {
  const board = new RegimeBoard();
  expect(board.onChange(event('NORMAL'), NOW)).toMatchObject({ regime: 'NORMAL', known: false, stoodAtUs: null });
  expect(board.onStanding(event('NORMAL', NOW + SECOND_US), NOW + SECOND_US)).toMatchObject({ known: true, stoodAtUs: NOW + SECOND_US });
  expect(board.onWake(NOW + 11 * SECOND_US)).toEqual([]);
  expect(board.onWake(NOW + 11 * SECOND_US + 1)).toMatchObject([{ regime: 'NORMAL', known: false, stoodAtUs: NOW + SECOND_US }]);
  expect(board.onWake(NOW + 12 * SECOND_US)).toEqual([]);
  // A change alone proves nothing, a word that it stands does.
  expect(board.onChange(event('FLASH_CRASH', NOW + 13 * SECOND_US), NOW + 13 * SECOND_US)).toMatchObject({ regime: 'FLASH_CRASH', known: false });
  expect(board.onStanding(event('FLASH_CRASH', NOW + 14 * SECOND_US), NOW + 14 * SECOND_US)).toMatchObject({ known: true });
  expect(board.onChange(event('NORMAL', NOW + 15 * SECOND_US), NOW + 15 * SECOND_US)).toMatchObject({ regime: 'NORMAL', known: true });
});

test('one from the future is not known and does not stay in the way; an older one than shown is left', () => {
  const board = new RegimeBoard();
  expect(board.onStanding(event('NORMAL', NOW + 3_600 * SECOND_US), NOW)).toMatchObject({ known: false });
  expect(board.onStanding(event('FLASH_CRASH'), NOW)).toMatchObject({ regime: 'FLASH_CRASH', known: true });
  expect(board.onChange(event('NORMAL', NOW - 1), NOW)).toBeNull();
});

test('a remembered one is never known, and gives way to whatever is heard', () => {
  const board = new RegimeBoard();
  expect(board.onRemembered(event('NORMAL', NOW + SECOND_US))).toMatchObject({ remembered: true, known: false, stoodAtUs: null });
  expect(board.onRemembered(event('FLASH_CRASH'))).toBeNull();
  expect(board.onWake(NOW)).toEqual([]);
  expect(board.onChange(event('HIGH_VOLATILITY'), NOW)).toMatchObject({ regime: 'HIGH_VOLATILITY', remembered: false });
  expect(board.onRemembered(event('NORMAL', NOW + SECOND_US))).toBeNull();
});
