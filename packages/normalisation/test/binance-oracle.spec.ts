import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { identify, readRecording } from '@parallax/recordings';
import { InstrumentTable, Quote, Trust, type DeadLetter } from '@parallax/types';
import { binance, binancecoinm, binanceusdm } from '@parallax/venues';
import { VenueNormaliser, type NormalisedSink } from '../src/index.js';

/**
 * Oracle (a): wherever a bookTicker's update id equals a depth update's last id, both describe one instant of the
 * venue's book. Best bid and ask with sizes, built from depth frames alone, must equal the ticker there.
 * The test reads ids and prices of the frames by itself and asks the book only for its best.
 */
const DATA = resolve(process.env.PARALLAX_DATA ?? join(import.meta.dirname, '../../../../shared/data'));
const FOLDER = join(DATA, 'ticks/binance-raw-feed');
const VENUES = new Map([binance, binanceusdm, binancecoinm].map((definition) => [definition.id, definition]));
const present = existsSync(FOLDER);
if (!present && process.env.CI === 'true') throw new Error(`recordings are missing: ${FOLDER}`);
if (!present) console.warn(`skipped, no recordings at ${FOLDER}`);


interface Best {
  readonly bid: readonly [string, string];
  readonly ask: readonly [string, string];
}
const plain = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

function scale(value: number, decimals: number): string {
  const digits = BigInt(value).toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : plain(`${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}

(present ? describe : describe.skip)('best bid and ask equal the venue’s own ticker at every common update id', () => {
  let places = 0;
  const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.gz')) : [];

  test.each(files)('%s', async (name) => {
    const recording = await identify(join(FOLDER, name), VENUES);
    const { definition } = recording;
    const instruments = new InstrumentTable();
    for (const specification of definition.catalogue) instruments.add(specification);
    const specification = definition.catalogue.find((one) => one.venueSymbol === recording.venueSymbol)!;
    const instrument = instruments.find(definition.id, specification.symbol);
    const deadLetters: DeadLetter[] = [];
    const sink: NormalisedSink = {
      onQuote: () => {}, onBook: () => {}, onTrades: () => {}, onSnapshotWanted: () => {}, onTrust: () => {},
      onDeadLetter: (letter) => deadLetters.push(letter),
    };
    const normaliser = new VenueNormaliser(definition, instruments, sink);
    const tickers = new Map<number, Best>();
    const books = new Map<number, Best>();
    let frame = 0;
    let synced = false;
    for await (const entry of readRecording(recording, (fault) => { throw new Error(fault.reason); })) {
      frame++;
      if (entry.kind === 'snapshot') {
        normaliser.onSnapshot(1, frame, entry.receivedAtUs, entry.bytes, instrument);
        synced = true;
        continue;
      }
      normaliser.onFrame(1, frame, entry.receivedAtUs, entry.bytes);
      const { data } = JSON.parse(new TextDecoder().decode(entry.bytes)) as { data: Record<string, string & number> };
      if (data.e === 'depthUpdate' && synced) {
        const { book } = normaliser.market(instrument).keeper;
        const { priceScale, sizeScale } = specification;
        books.set(data.u, {
          bid: [scale(book.bestBidPrice, priceScale), scale(book.bestBidSize, sizeScale)],
          ask: [scale(book.bestAskPrice, priceScale), scale(book.bestAskSize, sizeScale)],
        });
      } else if ('B' in data && 'A' in data) {
        tickers.set(data.u, { bid: [plain(data.b), plain(data.B)], ask: [plain(data.a), plain(data.A)] });
      }
    }

    let compared = 0;
    for (const [id, book] of books) {
      const ticker = tickers.get(id);
      if (!ticker) continue;
      compared++;
      expect({ id, ...book }).toEqual({ id, ...ticker });
    }
    const market = normaliser.market(instrument);
    expect(market.keeper.trust).toBe(Trust.synced);
    expect(market.quote.row[Quote.bidPrice]).toBeGreaterThan(0);
    expect(deadLetters).toEqual([]);
    expect(market.keeper.counters).toMatchObject({ gaps: 0, crossed: 0, refused: 0, disagreements: 0, resyncs: 1 });
    expect(compared).toBeGreaterThan(0);
    // The running check inside the core saw the same places.
    expect(market.counters.tickersFailed).toBe(0);
    places += compared;
    console.log(`${name}: ${compared} places compared, ${market.counters.tickersChecked} by the core itself, ${frame} frames`);
  });

  test('all five files together have 3,445 places', () => {
    expect(places).toBe(3445);
  });
});
