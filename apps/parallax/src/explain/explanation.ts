import { trustRule, type WayOut } from '@parallax/book';
import { ageUs, missingSentence, TRUST_CAUSE_NAMES, TrustCause, type DeadLetter, type MissingSymbol, type SymbolHealth, type VenueHealth } from '@parallax/types';

/** What is known of a symbol: its book, where one was heard of, and what ingestion misses of it. */
export interface Known {
  readonly health: VenueHealth;
  readonly symbol: string;
  readonly book: SymbolHealth | undefined;
  readonly missing: MissingSymbol | undefined;
}

/** Why a book is or is not trusted, as data; ages in milliseconds, null where the moment is unknown. */
export interface Explanation {
  readonly venue: string;
  readonly symbol: string;
  readonly trusted: boolean;
  readonly trust: string;
  readonly cause: string;
  /** The cause as a sentence. */
  readonly because: string;
  readonly wayOut: WayOut;
  /** What brings trust back, as a sentence; empty where nothing is needed. */
  readonly next: string;
  /** What ingestion does not hear of the symbol; null where it hears all. */
  readonly missing: MissingSymbol | null;
  readonly ageMs: { readonly quoteChanged: number | null; readonly proven: number | null; readonly lastFrame: number | null };
  readonly counters: Pick<SymbolHealth, 'gaps' | 'resyncs' | 'checksumsChecked' | 'checksumsFailed' | 'crossed'>;
  readonly connected: boolean;
  readonly clockOffsetUs: number | null;
  /** Of the whole venue since normalisation started; null where that has not spoken. */
  readonly venueDeadLetters: number | null;
  /** The newest of this symbol, oldest first. */
  readonly lastDeadLetters: readonly Pick<DeadLetter, 'receivedAtUs' | 'reason' | 'place'>[];
}

const BECAUSE: Readonly<Record<keyof typeof TrustCause, string>> = {
  none: 'Nothing was wrong so far.',
  started: 'The book is new and no frame of its depth channel has come yet.',
  snapshotApplied: 'A snapshot was applied and every update since then followed the one before.',
  gap: 'An update did not follow the one before: changes were lost, so the levels cannot be right any more.',
  checksumFailed: 'The checksum that the venue sent is not that of our levels.',
  crossed: 'The best bid reached the best ask, which no true book shows.',
  silence: 'Nothing was heard of the symbol for longer than its rhythm allows; the levels were right but may be old.',
  twoWriters: 'Two instances send the market of the venue at once, and what they send may be of two markets: the alerts name them, and all but one must end.',
  connectionLost: 'The connection that carried the symbol ended.',
  connectionGap: 'Frames of the connection are missing by its own count; what was lost may have been of this symbol.',
  frameRefused: 'A frame that could not be read was, or may have been, of this symbol.',
  numberRefused: 'A frame of the symbol held something that the venue does not document, or a number that does not fit exactly.',
  specificationChanged: 'The venue changed the scales or steps of the instrument, so the old levels mean something else.',
  snapshotMissing: 'Updates come, but no snapshot to put them on.',
  resumed: 'The symbol was heard again and the chain of updates had not broken.',
  tickerDisagrees: 'The venue’s own best quote of the same moment differs from the book’s.',
  venueReset: 'The venue started its numbering anew, as it documents after maintenance; the chain went on from there.',
  remembered: 'The quote is from before the service started, and nothing was heard of the symbol since.',
  levelUnreadable: 'The venue shows a level whose price or size does not fit exactly into a number at or before our best one, so the true best is not known.',
  crossedAtVenue: 'The venue itself shows a best bid at or above the best ask, as it does in an auction.',
  beyondSnapshot: 'The best price left the range of the snapshot, which the venue cuts: what stands between is not known.',
  checksumImpossible: 'A level whose price or size does not fit exactly into a number is among those of the venue’s checksum, which alone would prove the updates.',
};

const NEXT: Readonly<Record<WayOut, string>> = {
  none: '',
  'next-update': 'The next update brings trust back: silence loses nothing.',
  'next-proof': 'The next update that continues the chain brings trust back; where the venue numbers none, a fresh snapshot.',
  snapshot: 'A fresh snapshot brings trust back; normalisation has asked ingestion for one and asks again until it comes.',
  uncrossed: 'Trust comes back with the update that puts the best bid below the best ask. Another snapshot would be crossed too.',
  'best-known': 'Trust comes back with a fresh snapshot, which normalisation has asked ingestion for, or when the best is back in the range.',
  'level-gone': 'Trust comes back when the level goes or no longer stands there; the dead letters name it. Another snapshot would hold it too.',
};

/** Of a symbol without a frame of its book. */
const UNHEARD: Omit<SymbolHealth, 'symbol'> = {
  trust: 'resyncing', cause: 'started', changedAtUs: null, provenAtUs: null, gaps: 0, resyncs: 0, checksumsChecked: 0, checksumsFailed: 0, crossed: 0,
};

const ASKED_BY_ITSELF = 'Ingestion asks for it again by itself, then on another connection, ever less often.';

function nextOf(wayOut: WayOut, missing: MissingSymbol | undefined): string {
  if (missing === undefined) return NEXT[wayOut];
  if (missing.state === 'unlisted') return 'Nothing is asked for: look at SYMBOLS, and at the venue’s own list.';
  return missing.sinceUs === null ? 'It is asked for.' : ASKED_BY_ITSELF;
}

/** Puts together what is known; `nowUs` is the reader's clock. */
export function explanationOf({ health, symbol: name, book, missing }: Known, letters: readonly DeadLetter[], nowUs: number): Explanation {
  const symbol = book ?? { symbol: name, ...UNHEARD };
  const number = TRUST_CAUSE_NAMES.findIndex((one) => one === symbol.cause);
  const key = (Object.keys(TrustCause) as (keyof typeof TrustCause)[]).find((one) => TrustCause[one] === number);
  const trusted = symbol.trust === 'synced';
  const wayOut = trusted || key === undefined ? 'none' : trustRule(TrustCause[key]).wayOut;
  const { gaps, resyncs, checksumsChecked, checksumsFailed, crossed } = symbol;
  const age = (atUs: number | null): number | null => {
    const knownUs = atUs === null ? null : ageUs(atUs, nowUs);
    return knownUs === null ? null : Math.round(knownUs / 1000);
  };
  return {
    venue: health.venue, symbol: symbol.symbol, trusted, trust: symbol.trust, cause: symbol.cause,
    because: key === undefined ? `The cause is "${symbol.cause}".` : BECAUSE[key],
    wayOut, next: trusted ? '' : nextOf(wayOut, missing), missing: missing ?? null,
    ageMs: { quoteChanged: age(symbol.changedAtUs), proven: age(symbol.provenAtUs), lastFrame: age(health.lastFrameAtUs) },
    counters: { gaps, resyncs, checksumsChecked, checksumsFailed, crossed },
    connected: health.connected, clockOffsetUs: health.clockOffsetUs, venueDeadLetters: health.deadLetters,
    lastDeadLetters: letters.map(({ receivedAtUs, reason, place }) => ({ receivedAtUs, reason, place })),
  };
}

/** The explanation as people read it. */
export function explanationText(one: Explanation): string {
  const { counters, ageMs } = one;
  const ago = (ms: number | null): string => (ms === null ? 'never, as far as is known' : `${(ms / 1000).toFixed(1)} s ago`);
  const checks = counters.checksumsChecked === 0 ? 'none sent' : `${counters.checksumsChecked} checked, ${counters.checksumsFailed} failed`;
  const offset = one.clockOffsetUs === null ? '' : `, clock ${(one.clockOffsetUs / 1000).toFixed(1)} ms off ours`;
  const letters = one.lastDeadLetters.map(({ receivedAtUs, reason, place }) => `    ${new Date(receivedAtUs / 1000).toISOString()}  ${reason} (${place})`);
  return [
    `${one.venue} ${one.symbol} is ${one.trusted ? 'trusted' : 'NOT trusted'}: ${one.trust} (${one.cause})`,
    `  ${one.because}${one.next === '' ? '' : `\n  ${one.next}`}`,
    ...(one.missing === null ? [] : [`  ingestion: ${missingSentence(one.missing)}`]),
    `  quote changed ${ago(ageMs.quoteChanged)}, proven ${ago(ageMs.proven)}`,
    `  gaps ${counters.gaps}, resyncs ${counters.resyncs}, crossed ${counters.crossed}; checksums: ${checks}`,
    `  ${one.connected ? 'connected' : 'NOT connected'}, last frame of the venue ${ago(ageMs.lastFrame)}${offset}${one.venueDeadLetters === null ? '' : `; ${one.venueDeadLetters} dead letters of the venue`}`,
    ...(letters.length === 0 ? [] : ['  last dead letters:', ...letters]),
  ].join('\n');
}
