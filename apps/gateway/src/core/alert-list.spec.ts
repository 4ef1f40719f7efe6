import { expect, test } from '@jest/globals';
import type { Alert } from '@parallax/types';
import { AlertList, ALERTS_KEPT, LAPSES_US } from './alert-list.js';

const SECOND = 1_000_000;
const alert = (id: string, more: Partial<Alert> = {}): Alert => ({ id, severity: 'warning', subject: 's', summary: id, resolved: false, sinceUs: 1, atUs: 1, ...more });

test('an alert that monitoring does not tell again while it is heard lapses, and comes back with its word', () => {
  const list = new AlertList();
  expect(list.onAlert(alert('gone'), 0)).toEqual({ ...alert('gone'), lapsedAtUs: null });
  list.onAlert(alert('over'), 0);
  expect(list.onAlert(alert('over', { resolved: true, atUs: 2 }), 1)).toMatchObject({ resolved: true });
  let nowUs = 0;
  let lapsed: unknown[] = [];
  for (; nowUs < LAPSES_US; nowUs += SECOND) {
    if (nowUs % (5 * SECOND) === 0) expect(list.onAlert(alert('stands'), nowUs)?.id).toBe(nowUs === 0 ? 'stands' : undefined);
    lapsed = lapsed.concat(list.onWake(true, nowUs));
  }
  expect(lapsed).toEqual([]);
  expect(list.onWake(true, nowUs)).toEqual([{ ...alert('gone'), lapsedAtUs: 0 }]);
  expect(list.onWake(true, nowUs)).toEqual([]);
  expect(list.onAlert(alert('gone'), nowUs)).toEqual({ ...alert('gone'), lapsedAtUs: null });
});

test('while monitoring is silent nothing lapses, nor before it had the time to tell all again', () => {
  const list = new AlertList();
  list.onAlert(alert('stands'), 0);
  expect(list.onWake(false, 100 * SECOND)).toEqual([]);
  expect(list.onWake(true, 101 * SECOND)).toEqual([]);
  expect(list.onWake(true, 115 * SECOND)).toEqual([]);
  expect(list.onWake(true, 116 * SECOND)).toHaveLength(1);
});

test('memory is bounded, and what is over goes before what stands', () => {
  const list = new AlertList();
  list.onAlert(alert('stands'), 0);
  for (let at = 0; at <= ALERTS_KEPT; at++) list.onAlert(alert(`a${at}`, { resolved: true }), 0);
  list.onWake(true, 0);
  expect(list.onWake(true, LAPSES_US).map(({ id }) => id)).toEqual(['stands']);
  for (let at = 0; at <= ALERTS_KEPT; at++) list.onAlert(alert(`a${at}`), LAPSES_US);
  expect(list.onWake(true, 2 * LAPSES_US)).toHaveLength(ALERTS_KEPT);
});
