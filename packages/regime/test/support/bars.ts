import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export interface Bar {
  readonly atUs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDER = join(process.env.PARALLAX_DATA ?? join(PROJECT, '../shared/data'), 'multi-venue/usdc-depeg-1m-202303');

/** The minute bars of one file of the depeg data, or null (with a word on the console) where the data is missing. */
export function depegBars(file: string): Bar[] | null {
  const path = join(FOLDER, file);
  if (!existsSync(path)) {
    if (process.env.CI === 'true') throw new Error(`recording missing: ${path} (set PARALLAX_DATA)`);
    console.warn(`skipped: no recording at ${path} (set PARALLAX_DATA)`);
    return null;
  }
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n').slice(1).filter(Boolean);
  return lines.map((line) => {
    const [time, open, high, low, close] = line.split(',');
    return {
      atUs: Date.parse(time.replace(' ', 'T')) * 1000,
      open: Number(open), high: Number(high), low: Number(low), close: Number(close),
    };
  });
}

/** The usual guess at a bar's inside: the nearer extreme first. Four prices, at seconds 0, 20, 40 and 59. */
export function* pathOf(bar: Bar): Generator<{ readonly atUs: number; readonly price: number }> {
  const extremes = bar.close >= bar.open ? [bar.low, bar.high] : [bar.high, bar.low];
  const seconds = [0, 20, 40, 59];
  for (const [i, price] of [bar.open, ...extremes, bar.close].entries()) {
    yield { atUs: bar.atUs + seconds[i] * 1_000_000, price };
  }
}
