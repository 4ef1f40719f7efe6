import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { scaledFromText } from '@parallax/types';

export interface RecordedTicker {
  readonly instrument: number;
  readonly atUs: number;
  readonly bid: readonly [number, number];
  readonly ask: readonly [number, number];
}

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDER = join(process.env.PARALLAX_DATA ?? join(PROJECT, '../shared/data'), 'ticks/binance-raw-feed');

/**
 * Best bids and asks of recordings made at the same time, in the order in which they were received: prices at 2
 * decimals, sizes at 8. The n-th file is instrument n. Null, with a word on the console, where a recording is missing.
 */
export function recordedTickers(...files: readonly string[]): RecordedTicker[] | null {
  const tickers: RecordedTicker[] = [];
  for (const [instrument, file] of files.entries()) {
    const path = join(FOLDER, file);
    if (!existsSync(path)) {
      if (process.env.CI === 'true') throw new Error(`recording missing: ${path} (set PARALLAX_DATA)`);
      console.warn(`skipped: no recording at ${path} (set PARALLAX_DATA)`);
      return null;
    }
    for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
      if (!line.includes('bookTicker')) continue;
      const at = line.indexOf(' ');
      const { data } = JSON.parse(line.slice(at + 1)) as { data: Record<'b' | 'B' | 'a' | 'A', string> };
      tickers.push({
        instrument,
        atUs: Math.floor(Number(line.slice(0, at)) / 1000),
        bid: [scaledFromText(data.b, 2), scaledFromText(data.B, 8)],
        ask: [scaledFromText(data.a, 2), scaledFromText(data.A, 8)],
      });
    }
  }
  return tickers.sort((a, b) => a.atUs - b.atUs);
}
