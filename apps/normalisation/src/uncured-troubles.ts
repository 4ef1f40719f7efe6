import type { UncuredBook } from '@parallax/normalisation';
import { TRUST_CAUSE_NAMES, type InstrumentTable, type Trouble, type TrustCause } from '@parallax/types';

/** A trouble for each book whose fresh snapshots do not help; it is asked for on, ever less often. */
export function uncuredTroubles(books: readonly UncuredBook[], instruments: InstrumentTable, causeOf: (instrument: number) => TrustCause, nowUs: number): Trouble[] {
  return books.map(({ instrument, failures, nextAtUs }) => {
    const { venue, symbol } = instruments.get(instrument);
    const seconds = Math.ceil((nextAtUs - nowUs) / 1_000_000);
    const next = seconds > 0 ? `the next is asked for in ${seconds} s` : 'another is asked for';
    const cause = TRUST_CAUSE_NAMES[causeOf(instrument)];
    return {
      key: `uncured.${plain(venue)}.${plain(symbol)}`, severity: 'warning',
      summary: `${venue} ${symbol}: ${failures} fresh snapshots in a row did not hold for a minute (${cause}); ${next}`,
    };
  });
}

/** As a part of a trouble's key. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_');
