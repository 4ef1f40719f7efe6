import { expect, test } from '@jest/globals';
import { LocalSubscription, type SubscriptionHost } from './local-subscription.js';
import { Pump } from './pump.js';

test('a lane takes no more places than messages may wait, and hands over in the order of arrival', () => {
  const turns: (() => void)[] = [];
  const pump = new Pump({ clock: { nowUs: () => 0 }, defer: (turn) => void turns.push(turn) });
  const host: SubscriptionHost = { pump, nowUs: () => 0, tell: () => {}, onHandlerError: () => {}, finish: async () => {} };
  const lane = {};
  const heard: string[] = [];
  const open = (whenSlow: 'newest' | 'drop'): LocalSubscription =>
    new LocalSubscription('x', ({ subject }) => heard.push(subject), { lane, pendingLimit: 10, whenSlow }, host, () => {});
  const [quotes, books] = [open('newest'), open('drop')];
  const send = (to: LocalSubscription, subject: string): void =>
    to.offer({ subject, bytes: new Uint8Array(), header: () => undefined, headers: {}, wantsAnswer: false, respond: () => {} });
  for (let count = 0; count < 1_000; count++) {
    send(quotes, `q${count % 3}`);
    send(books, `b${count}`);
  }
  expect(pump.lane(lane).length).toBe(20);
  while (turns.length > 0) turns.shift()!();
  expect(quotes.handled + quotes.lost).toBe(1_000);
  expect(books.handled + books.lost).toBe(1_000);
  expect(pump.lane(lane).length).toBe(0);

  heard.length = 0;
  for (const [to, subject] of [[books, 'b1'], [quotes, 'q1'], [books, 'b2'], [quotes, 'q2'], [quotes, 'q3']] as const) send(to, subject);
  books.unsubscribe();
  send(quotes, 'q4');
  while (turns.length > 0) turns.shift()!();
  expect(heard).toEqual(['q1', 'q2', 'q3', 'q4']);
});
