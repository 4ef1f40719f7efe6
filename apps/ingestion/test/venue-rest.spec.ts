import { expect, test } from '@jest/globals';
import type { HttpReply } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { VenueRest } from '../src/venue-rest.js';

const definition = VENUES.get('binance')!;
const reply = (status: number, headers: Record<string, string> = {}): HttpReply => ({ status, headers, body: new Uint8Array(status === 200 ? 1 : 0) });

/** REST of Binance whose hosts answer so. */
function stand(answers: Readonly<Record<string, HttpReply>>, standIn?: { rest: string }) {
  const asked: string[] = [];
  const rest = new VenueRest({ get: (url) => (asked.push(new URL(url).host), Promise.resolve(answers[new URL(url).host])) }, definition, standIn);
  const get = (): Promise<Uint8Array> => rest.get(definition.listing.urls(rest.endpoint)[0]);
  return { asked, get };
}

test('an address that does not serve us gives way to the next, which is kept', async () => {
  const { asked, get } = stand({ 'api.binance.com': reply(451), 'data-api.binance.vision': reply(200) });
  await expect(get()).rejects.toMatchObject({ code: 'VENUE_REFUSED', retryAfterMs: undefined, message: 'api.binance.com answered 451' });
  expect([(await get()).length, (await get()).length]).toEqual([1, 1]);
  expect(asked).toEqual(['api.binance.com', 'data-api.binance.vision', 'data-api.binance.vision']);
});

test.each([[429, { 'retry-after': '7' }, 7_000], [418, {}, 60_000], [403, { 'retry-after': 'soon' }, 60_000]])(
  'who is told by %i to wait does not ask elsewhere', async (status, headers, retryAfterMs) => {
    const { asked, get } = stand({ 'api.binance.com': reply(status, headers), 'data-api.binance.vision': reply(200) });
    for (let round = 0; round < 2; round++) await expect(get()).rejects.toMatchObject({ code: 'VENUE_REFUSED', retryAfterMs });
    expect(asked).toEqual(['api.binance.com', 'api.binance.com']);
  },
);

test('what stands in for a venue is asked alone', async () => {
  const { asked, get } = stand({ 'localhost:1': reply(500) }, { rest: 'http://localhost:1' });
  for (let round = 0; round < 2; round++) await expect(get()).rejects.toMatchObject({ retryable: true });
  expect(asked).toEqual(['localhost:1', 'localhost:1']);
});
