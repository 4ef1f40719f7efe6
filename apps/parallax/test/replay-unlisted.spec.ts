import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { replayed, scratchFolder, writeRecording } from './support/replaying.js';

let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder.remove());

const START_S = 1_786_309_548;
const header = JSON.stringify({ t: 'header', exchange: 'OKX', config: {}, recorded: START_S });
/** Forty levels a side: a whole book, as far as OKX is concerned. */
const side = (from: number, step: number): string[][] => Array.from({ length: 40 }, (_, at) => [(from + at * step).toFixed(4), '100', '0', '1']);
const books = (instId: string, action: string, second: number, previous: number, asks: string[][], bids: string[][]): string => JSON.stringify({
  t: 'recv', conn: 'ws.0', ts: START_S + second,
  data: JSON.stringify({ arg: { channel: 'books', instId }, action, data: [{ asks, bids, ts: String((START_S + second) * 1_000), checksum: 0, seqId: previous + 1, prevSeqId: action === 'snapshot' ? -1 : previous }] }),
});
const bookOf = (instId: string): string[] => [
  books(instId, 'snapshot', 1, 99, side(0.2002, 0.0001), side(0.2, -0.0001)),
  books(instId, 'update', 2, 100, [], [['0.2001', '55.5', '0', '1']]),
];

test('a recording without a listing is read by scales inferred from its numbers, and what was assumed is told', async () => {
  const file = await writeRecording(folder.path('okx-unlisted.jsonl'), [header, ...bookOf('DOGE-USDT')]);
  const { symbols, deadLetters, assumed } = await replayed(file);
  expect(symbols).toMatchObject([{ symbol: 'DOGE/USDT', specification: 'inferred', trust: 'synced', bid: { price: '0.2001', size: '55.5' }, ask: { price: '0.2002' } }]);
  expect(deadLetters).toEqual({});
  expect(assumed).toEqual(['okx DOGE/USDT is taken as trading: no listing says otherwise; its scales and steps are inferred']);
  // An instrument of the catalogue is read as it is known, and traded as well.
  const known = await writeRecording(folder.path('okx-catalogue.jsonl'), [header, ...bookOf('BTC-USDT')]);
  expect((await replayed(known)).assumed).toEqual(['okx BTC/USDT is taken as trading: no listing says otherwise']);
});

test('what a contract is worth is not made up: it is left out, and the hint says what to give', async () => {
  const file = await writeRecording(folder.path('okx-swap.jsonl'), [header, ...bookOf('DOGE-USDT'), ...bookOf('DOGE-USDT-SWAP')]);
  const { symbols, deadLetters, assumed } = await replayed(file);
  expect(symbols.map(({ symbol }) => symbol)).toEqual(['DOGE/USDT']);
  expect(Object.keys(deadLetters)).toEqual([expect.stringContaining('unknown')]);
  expect(assumed[1]).toBe('okx DOGE-USDT-SWAP is left out: what DOGE-USDT-SWAP of okx is, nothing here says; give --instruments');
});

test('a symbol that is asked for must be in the recording', async () => {
  const file = await writeRecording(folder.path('okx-two.jsonl'), [header, ...bookOf('DOGE-USDT'), ...bookOf('PEPE-USDT')]);
  await expect(replayed(file, { symbol: 'SHIB/USDT' })).rejects.toThrow('is of DOGE-USDT, PEPE-USDT, not of SHIB/USDT');
  const { symbols, assumed } = await replayed(file, { symbol: 'PEPE/USDT' });
  expect(symbols.map(({ symbol, trust }) => [symbol, trust])).toEqual([['DOGE/USDT', 'synced'], ['PEPE/USDT', 'synced']]);
  // Only what is asked for is traded.
  expect(assumed).toEqual(['okx PEPE/USDT is taken as trading: no listing says otherwise; its scales and steps are inferred']);
});
