import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { InstrumentTable, Trust } from '@parallax/types';
import { binance, binancecoinm, binanceusdm, type VenueDefinition } from '@parallax/venues';
import { Mutator } from '../../venues/test/support/mutate.js';
import { SeededRandom } from '../../venues/test/support/random.js';
import { VenueNormaliser, type NormalisedSink } from '../src/index.js';

/**
 * One mutated depth frame in an otherwise recorded stream. Whatever the mutation did: if the frame's ids or symbol are no
 * longer what the venue sent, the book must not be trusted once the next depth frame has come; and the whole must not
 * depend on which path read it. A level that became too large or too fine for a number leaves it trusted only where it hides no best.
 */
const FOLDER = join(resolve(process.env.PARALLAX_DATA ?? join(import.meta.dirname, '../../../../shared/data')), 'ticks/binance-raw-feed');
const present = existsSync(FOLDER);
if (!present && process.env.CI === 'true') throw new Error(`recordings are missing: ${FOLDER}`);
if (!present) console.warn(`skipped, no recordings at ${FOLDER}`);

const ROUNDS = 3_000;
const SILENT: NormalisedSink = {
  onQuote: () => {}, onBook: () => {}, onTrades: () => {}, onDeadLetter: () => {}, onSnapshotWanted: () => {}, onTrust: () => {},
};

interface Depth {
  readonly data?: { readonly e?: unknown; readonly s?: unknown; readonly U?: unknown; readonly u?: unknown; readonly pu?: unknown };
}
// A Buffer's slices share its memory, and a mutation of one would be one of all.
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const firstIdOf = (bytes: Uint8Array): number => Number(/"U":(\d+)/.exec(new TextDecoder().decode(bytes))?.[1] ?? 0);

/** Frames that were refused as a whole; a level whose number does not fit costs itself alone. */
const refusedBy = ({ deadLetters }: VenueNormaliser): number =>
  [...deadLetters].reduce((sum, [reason, count]) => sum + (/does not fit|is finer/.test(reason) ? 0 : count), 0);

function idsOf(bytes: Uint8Array, chained: boolean, original = firstIdOf(bytes)): string {
  try {
    const { data } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Depth;
    // Spot chains by U, the futures by pu; the other of the two means nothing once the book is synced. A lower U tells
    // again what is known, which the venue's rule allows.
    const first = typeof data?.U === 'number' && data.U < original ? original : data?.U;
    return JSON.stringify([data?.e, data?.s, data?.u, chained ? data?.pu : first]);
  } catch {
    return 'no JSON';
  }
}

(present ? describe : describe.skip)('one mutated depth frame', () => {
  test.each<[string, VenueDefinition]>([
    ['spot-btcusdt-20240808.gz', binance],
    ['usdm-btcusdt-20240808.gz', binanceusdm],
    ['coinm-btcusd_perp-20240808.gz', binancecoinm],
  ])('%s', (file, definition) => {
    const texts = gunzipSync(readFileSync(join(FOLDER, file))).toString().split('\n').slice(0, 3_000).map((line) => line.slice(20));
    const snapshotAt = texts.findIndex((text) => text.includes('lastUpdateId'));
    // The best levels are enough, and a small book starts anew quickly.
    const whole = JSON.parse(texts[snapshotAt]) as { bids: unknown[]; asks: unknown[] };
    const snapshot = bytesOf(JSON.stringify({ ...whole, bids: whole.bids.slice(0, 40), asks: whole.asks.slice(0, 40) }));
    const depth = texts.slice(0, 2_990).filter((text, index) => index > snapshotAt && text.includes('@depth')).map(bytesOf);
    const early = texts.slice(0, snapshotAt).filter((text) => text.includes('@depth')).map(bytesOf);
    const instruments = new InstrumentTable();
    for (const specification of definition.catalogue) instruments.add(specification);
    const random = new SeededRandom(7);
    const mutator = new Mutator(random);
    const chained = definition.id !== 'binance';
    const atUs = 1_723_161_300_000_000;
    const count = { broken: 0, harmless: 0, refused: 0, unreadable: 0, trustedAfterwards: 0 };
    const violations: string[] = [];
    let normaliser = new VenueNormaliser(definition, instruments, SILENT);
    let at = depth.length;
    let frame = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Start anew where the recording ends or the last mutation cost the book its trust.
      const market = normaliser.market(0);
      if (at + 2 >= depth.length || market.keeper.trust !== Trust.synced) {
        normaliser = new VenueNormaliser(definition, instruments, SILENT);
        for (const bytes of early) normaliser.onFrame(1, ++frame, atUs, bytes);
        normaliser.onSnapshot(1, ++frame, atUs, snapshot, 0);
        at = 0;
        normaliser.onFrame(1, ++frame, atUs, depth[at++]);
        if (normaliser.market(0).keeper.trust !== Trust.synced) throw new Error('the recording does not sync');
      }
      const { bytes, mutation } = mutator.mutate(depth[at], depth[at + 1]);
      const before = refusedBy(normaliser);
      normaliser.onFrame(1, ++frame, atUs, bytes);
      normaliser.onFrame(1, ++frame, atUs, depth[at + 1]);
      const refused = refusedBy(normaliser) > before;
      const broken = refused || idsOf(bytes, chained, firstIdOf(depth[at])) !== idsOf(depth[at], chained);
      const { keeper } = normaliser.market(0);
      const trusted = keeper.trust === Trust.synced;
      if (keeper.unreadable.count > 0) count.unreadable++;
      if (trusted && keeper.unreadable.hidesBest(keeper.book)) violations.push(`${mutation}: the best is unknown`);
      if (refused) count.refused++;
      if (broken) count.broken++;
      else count.harmless++;
      if (trusted) count.trustedAfterwards++;
      if (broken && trusted) violations.push(`${mutation}: ${new TextDecoder().decode(bytes).slice(0, 200)}`);
      at += 2;
    }
    console.log(`${file}: ${ROUNDS} mutated frames: ${JSON.stringify(count)}`);
    expect(violations.slice(0, 3)).toEqual([]);
    expect(count.broken).toBeGreaterThan(ROUNDS / 4);
    expect(count.unreadable).toBeGreaterThan(ROUNDS / 100);
    expect(count.trustedAfterwards).toBeGreaterThan(ROUNDS / 20);
  });
});
