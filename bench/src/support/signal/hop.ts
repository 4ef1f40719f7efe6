/**
 * An empty hop in the place of normalisation or arbitrage: the same subjects, messages and sizes, but it reads no more
 * than the number of the update and forwards.
 */
import { BOOK_COLUMNS, Column, LEVEL_COLUMNS, QUOTE_COLUMNS, RAW_COLUMNS, Raw, RawKind } from '@parallax/types';
import { marketPattern, patterns, subjects } from '@parallax/wire';
import { answer, busAs, clock, joining } from '../processes/child.js';
import { INSTRUMENTS } from './market.js';
import { DEPTH_LEVELS, kindOf, symbolOf, SYMBOLS, UpdateKind, VENUE_IDS } from './schedule.js';
import type { ServiceCounts } from './service.js';

const bus = await busAs(joining.role);
const subjectsOf = INSTRUMENTS.map((instrument) => ({ quote: subjects.market('quote', instrument), book: subjects.market('book', instrument) }));
const book = new Float64Array(BOOK_COLUMNS + DEPTH_LEVELS * LEVEL_COLUMNS);
const bookBytes = new Uint8Array(book.buffer);
const quote = new Float64Array(QUOTE_COLUMNS);
const quoteBytes = new Uint8Array(quote.buffer);
const raw = new Float64Array(RAW_COLUMNS);
const rawBytes = new Uint8Array(raw.buffer);
const opportunitySubject = subjects.opportunity('basis', 'COIN0', 'COIN0/USDT');
let edgeEvery = 1;
let payload = Buffer.alloc(64);
let handled = 0;
let sent = 0;
let failed = 0;
const updates = VENUE_IDS.map(() => 0);

function forwardFrame(subject: string, bytes: Uint8Array): void {
  rawBytes.set(bytes.subarray(0, rawBytes.length));
  if (raw[Raw.kind] !== RawKind.stream) return;
  const venue = subject.startsWith('md.raw.binanceusdm.') ? 1 : 0;
  const update = updates[venue]++;
  const kind = kindOf(venue, update, edgeEvery);
  const { quote: quoteSubject, book: bookSubject } = subjectsOf[venue * SYMBOLS + symbolOf(update)];
  if (kind !== UpdateKind.ticker) bus.publish(bookSubject, bookBytes);
  quote[Column.receivedAtUs] = raw[Column.receivedAtUs];
  quote[Column.layout] = kind;
  quote[Column.frame] = symbolOf(update);
  bus.publish(quoteSubject, quoteBytes);
  handled++;
  sent++;
}

function forwardQuote(bytes: Uint8Array): void {
  quoteBytes.set(bytes);
  handled++;
  const kind = quote[Column.layout];
  if (kind !== UpdateKind.opens && kind !== UpdateKind.closes) return;
  payload.writeDoubleLE(kind === UpdateKind.opens ? quote[Column.frame] : -1, 0);
  sent++;
  bus.streams.append(opportunitySubject, payload, { id: `hop-${sent}-${clock.nowUs()}` }).catch(() => failed++);
}

if (joining.role === 'normalisation') bus.subscribe(patterns.raw, ({ subject, bytes }) => forwardFrame(subject, bytes), { whenSlow: 'drop' });
else {
  bus.subscribe(marketPattern('book'), () => {}, { whenSlow: 'drop' });
  bus.subscribe(marketPattern('quote'), ({ bytes }) => forwardQuote(bytes), { whenSlow: 'newest' });
}

answer({
  counts: (): ServiceCounts => ({ handled, sent, lost: failed, other: {} }),
  shape: (shape: { edgeEvery: number; opportunityBytes: number }) => {
    ({ edgeEvery } = shape);
    payload = Buffer.alloc(shape.opportunityBytes, ' ');
  },
});
