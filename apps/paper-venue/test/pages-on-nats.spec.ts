import { expect, test } from '@jest/globals';
import { MemoryJournal, type JournalRecord } from '@parallax/simulation';
import { describeWith, until } from '@parallax/testing';
import type { OrderCursor, OrdersOutcome } from '@parallax/types';
import { encodeJson } from '@parallax/wire';
import type { JournalOpener } from '../src/index.js';
import { contextOf, paperVenues, VENUE, VenueClient } from './paper-stand.js';
import { VenuesOnNats } from './venues-on-nats.js';

const COUNT = 4_000;
const NATS_LIMIT_BYTES = 1_048_576;

/** A journal of orders that all filled at one moment. */
const manyFilled: JournalOpener = () => {
  const atUs = Date.now() * 1000;
  const found = Array.from({ length: COUNT }, (_unused, index): JournalRecord[] => {
    const order = `${VENUE}-paper-${index}`;
    return [
      {
        kind: 'accepted', venueOrderId: order, atUs,
        request: {
          account: 'main', clientId: `order${index}`, venue: VENUE, symbol: 'BTC/USDT', side: 'buy', type: 'limit', timeInForce: 'IOC',
          postOnly: false, price: '100.0', size: '2', validUntilUs: atUs, epoch: 1, grantedBy: 'bus',
        },
      },
      { kind: 'fill', order, fill: { tradeId: `t-${index}`, price: '100.0', size: '2', fee: '0.2', feeCurrency: 'USDT', liquidity: 'taker', atUs } },
      { kind: 'closed', order, status: 'filled', reason: null, atUs },
    ];
  }).flat();
  return {
    place: 'memory', journal: new MemoryJournal(), found, touch: () => {}, close: async () => {},
    reach: () => ({ journal: 'many', chain: 1, lines: 0, checksum: '' }),
  };
};

describeWith('nats-server', 'a paper venue over a real nats-server', () => {
  test('more changed orders than one message can hold are all told, in pages', async () => {
    const stand = await VenuesOnNats.open([VENUE]);
    const service = paperVenues(contextOf(await stand.as('paper')), { openJournal: () => manyFilled });
    try {
      await service.start();
      await until(() => service.health().counters.venuesHeld === 1);
      const client = await VenueClient.open(await stand.as('execution'));
      const told = new Set<string>();
      let bytes = 0;
      for (let after: OrderCursor | null = null, pages = 0; pages === 0 || after !== null; pages++) {
        const outcome: OrdersOutcome = await client.call({ call: 'changedSince', account: 'main', sinceUs: 0, after });
        if (outcome.kind !== 'found') throw new Error(outcome.detail);
        for (const { clientId } of outcome.orders) told.add(clientId);
        bytes += encodeJson(outcome).length;
        after = outcome.next;
      }
      expect(told.size).toBe(COUNT);
      expect(bytes).toBeGreaterThan(NATS_LIMIT_BYTES);
    } finally {
      await service.stop();
      await stand.close();
    }
  });
});
