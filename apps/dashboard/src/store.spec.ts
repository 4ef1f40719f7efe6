import { expect, test } from '@jest/globals';
import type { Alert, Entities, EntityName, Opportunity } from './entities.js';
import { Store } from './store.js';
import { alertLists } from './views/alerts.js';
import type { Order, Profit } from '@parallax/types';

const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id, subject: id, severity: 'critical', summary: id, resolved: false, sinceUs: 1, atUs: 1, lapsedAtUs: null, ...more,
});
const order = (id: string, state: Order['state']): Order => ({ id, state }) as Order;
const found = (id: string, state: Opportunity['state']): Opportunity => ({ id, state }) as Opportunity;

function told(): { store: Store; tell: <Name extends EntityName>(entity: Name, value: Entities[Name] & { readonly id: string }) => void } {
  const store = new Store();
  return {
    store,
    tell: (entity, value) => {
      store.apply({ type: 'change', sequence: store.sequence + 1, entity, key: value.id, value });
    },
  };
}

test('what stands stays on the page however many newer ones came and went; of the others the newest stay', () => {
  const { store, tell } = told();
  tell('alert', alert('stands'));
  tell('order', order('resting', 'open'));
  tell('opportunity', found('open', 'opened'));
  for (let number = 0; number < 400; number++) {
    tell('alert', alert(`a${number}`));
    tell('alert', number % 2 === 0 ? alert(`a${number}`, { resolved: true }) : alert(`a${number}`, { lapsedAtUs: 1 }));
    tell('order', order(`o${number}`, 'filled'));
    tell('opportunity', found(`f${number}`, 'closed'));
  }
  const { standing, past } = alertLists(store.all('alert'));
  expect(standing.map(({ id }) => id)).toEqual(['stands']);
  expect([past.length, past.some(({ id }) => id === 'a399'), past.some(({ id }) => id === 'a299')]).toEqual([100, true, false]);
  expect(store.newest('order', 3).map(({ id }) => id)).toEqual(['o399', 'o398', 'resting']);
  expect(store.all('opportunity').map(({ id }) => id)).toContain('open');
});

test('of what stands all rows are shown', () => {
  const { store, tell } = told();
  for (const id of ['a', 'b', 'c']) tell('order', order(id, 'open'));
  tell('order', order('d', 'filled'));
  expect(store.newest('order', 2).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

test('where points of the profit become many, of each account and currency every second one goes, and the first stays', () => {
  const store = new Store();
  const profitOf = (account: string, second: number): Profit => ({ account, currency: 'USDT', atUs: second * 1_000_000 }) as Profit;
  const accounts = ['one', 'other'];
  for (let second = 0; second < 2_100; second++) {
    for (const account of accounts) {
      store.apply({ type: 'change', sequence: store.sequence + 1, entity: 'profit', key: `${account} USDT`, value: profitOf(account, second) });
    }
  }
  for (const account of accounts) {
    const own = store.profitHistory.filter((one) => one.account === account).map(({ atUs }) => atUs / 1_000_000);
    expect([account, own.length > 1_000 && own.length <= 2_000, own[0], own[1], own.at(-1)]).toEqual([account, true, 0, 2, 2_098]);
  }
});
