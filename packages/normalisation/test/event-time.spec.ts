import { expect, test } from '@jest/globals';
import { InstrumentTable } from '@parallax/types';
import { binanceusdm } from '@parallax/venues';
import { VenueNormaliser } from '../src/index.js';

const AT_MS = 1_786_309_548_000;
const ignored = (): void => undefined;

test('the time of an event is that of the frame under way, and none where a frame tells only how things stand', () => {
  const table = new InstrumentTable();
  for (const specification of binanceusdm.catalogue) if (specification.symbol === 'BTC/USDT:USDT') table.add(specification);
  const normaliser = new VenueNormaliser(binanceusdm, table, {
    onQuote: ignored, onBook: ignored, onTrades: ignored, onTrust: ignored, onDeadLetter: ignored, onSnapshotWanted: ignored,
  });
  let frame = 0;
  const timeOf = (text: string): number => {
    normaliser.onFrame(1, ++frame, AT_MS * 1_000 + 500_000, Buffer.from(text));
    return normaliser.eventAtUs;
  };
  const event = (channel: string, rest: string): string => `{"stream":"btcusdt@${channel}","data":{"e":"${channel}","E":${AT_MS + 1},${rest}}}`;
  const depth = `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${AT_MS + 1},"T":${AT_MS},"s":"BTCUSDT","U":101,"u":110,"pu":100,"b":[],"a":[]}}`;
  const ticker = event('bookTicker', `"u":150,"s":"BTCUSDT","b":"60000.0","B":"1","a":"60000.1","A":"1","T":${AT_MS}`);
  // A best quote tells how things stand, and may be of any age.
  expect([timeOf(depth), timeOf(ticker), timeOf('{"result":null,"id":1}')]).toEqual([(AT_MS + 1) * 1_000, 0, 0]);
  expect(normaliser.deadLetters.size).toBe(0);
});
