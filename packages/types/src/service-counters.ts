import type { NotTakenReason } from './opportunity.js';
import type { RefusalCode } from './verdict.js';

/**
 * What a number of a service's health is. `error`: something went wrong, and work was not done, or was done in vain; only these
 * count as errors. `event`: what happens in good order, refusals of risk among it. `level`: how much there is at this moment.
 */
export type CounterKind = 'error' | 'event' | 'level';
interface Declared {
  readonly kind: CounterKind;
  readonly meaning: string;
}
const error = (meaning: string): Declared => ({ kind: 'error', meaning });
const event = (meaning: string): Declared => ({ kind: 'event', meaning });
const level = (meaning: string): Declared => ({ kind: 'level', meaning });

/** Every number that a service may tell in its health, under one meaning whichever service tells it. One list: the documentation is made from it. */
export const SERVICE_COUNTERS = {
  handlersFailed: error('handlers, timers and answers that threw'),
  busReconnects: event('how often the bus came back'),
  spansNotSent: error('spans of the process that the collector did not take'),
  spansNotStored: error('spans of the process that could not be kept'),
  restarts: event('how often the gateway ended unasked and was started again'),
  messages: event('messages of the bus that were taken'),
  unreadable: error('messages that could not be read, and were left'),
  quotes: event('quotes that were taken'),
  rowsUnreadable: error('rows of market data that could not be read, and were left'),
  rowsUnknown: event('rows of market data of instruments that are not known yet'),
  lost: event('messages that a reader was too slow for: quotes were replaced by newer ones, others dropped'),
  leaseRenewals: event('renewals of the lease that were confirmed'),
  leaseLate: event('renewals of the lease that began late'),
  leaseLatestUs: level('the most by which a renewal of the lease began late, in microseconds'),
  leaseSlowestUs: level('the longest that a confirmed write of the lease took, in microseconds'),
  leaseDoubts: event('how often the lease was in doubt'),
  leaseLost: error('how often another took the lease'),
  cacheWritten: event('last values that were written to the cache'),
  cacheRecalled: event('last values that were read from the cache at the start'),
  cacheRefused: error('last values in the cache that could not be read'),
  cacheFailed: error('writes and reads of the cache that failed'),

  connections: level('connections to venues that are wanted'),
  connectionsOpen: level('connections to venues that are open'),
  losses: event('connections to venues that ended'),
  attempts: event('attempts to connect to a venue'),
  missing: level('symbols that are wanted and not heard'),

  frames: event('frames of venues that were read'),
  framesLost: error('frames of venues that were lost on the way here'),
  venueErrors: error('requests of ours that a venue refused on a connection'),
  deadLettersDropped: error('dead letters that were not kept, since too many were on their way'),
  books: level('books that were heard of'),
  booksTrusted: level('books that may be acted on'),
  snapshotRequests: event('snapshots of books that were asked for'),
  listingRequests: event('listings that were asked for, since numbers were finer than their specification'),

  events: event('changes of regimes'),
  otherVersion: event('quotes of another version of their specification than is known, which were left'),
  known: level('instruments whose regime is known'),
  regimesUnknown: level('instruments of which quotes came and whose regime is not known, so that risk opens nothing new there'),

  told: event('events of opportunities'),
  failed: error('signals that could not be stored'),
  open: level('opportunities that are open'),
  booksHeld: level('books that are in step'),
  chainBreaks: event('copies of books that lost their chain and asked for a keyframe'),
  intents: event('intents of the strategy'),
  intentsFailed: error('intents that could not be stored'),
  outcomesUnread: error('outcomes of intents that could not be read'),
  finished: event('plans whose end the strategy heard'),
  silent: event('intents of which nothing was heard'),
  otherKind: event('opportunities passed: of a kind that is not traded'),
  waiting: event('opportunities passed: the pair is busy'),
  resting: event('opportunities passed: the pair rests'),
  sideBusy: event('opportunities passed: a side is busy'),
  belowMinimum: event('opportunities passed: below the minimum edge'),

  regimes: event('regimes that were taken'),
  regimesKnown: level('markets whose regime was told to stand lately, so that risk may open something there'),
  orders: event('states of orders that were stored or taken'),
  fills: event('fills that were stored or taken'),
  results: event('results of plans that were taken'),
  approved: event('intents that risk approved'),
  refused: event('intents that risk refused'),
  conflicting: error('intents under an id that another plan was judged under'),
  repeated: event('intents that came again and got the same verdict'),
  unstored: error('verdicts that could not be stored at once'),
  rebuilt: event('stored messages that the state was rebuilt from'),
  haltsStanding: level('halts that stand'),
  limitsNotAsConfigured: level('limits in force that differ from the configured ones'),

  approvals: event('approvals that were taken'),
  requests: event('requests to venues'),
  withheld: event('requests to venues that were held back, since the lease was in doubt'),
  postponed: event('times that an approval was put off, since the door of a venue of its legs does not answer, or risk was not heard since the start'),
  overfills: error('fills beyond what was ordered'),
  strangers: error('orders at venues that are ours and not known'),
  waitingForExit: level('plans that wait for a way out'),
  running: level('plans under way'),
  duplicates: event('approvals that came again'),
  resent: event('orders that were sent again, since the first request cannot have arrived'),
  illegal: error('words of venues that no order can follow'),
  inconsistent: error('words of venues that contradict themselves'),
  lateFills: event('fills that came after the end of their plan'),
  dust: level('rests that are too small for any order'),
  retries: error('records that could not be stored at the first try'),

  pretendedRefusals: event('orders that the paper venue refused as it was told to'),
  pretendedMisses: event('orders that the paper venue left unfilled as it was told to'),
  missingBooks: level('books that the paper venue lacks'),
  venuesHeld: level('paper venues that this instance is'),

  quotesWithoutInstrument: event('quotes of instruments that are not known yet'),
  wrongKeys: event('wrong API keys that came'),
  readers: level('open connections of the stream to the page'),
  sent: event('messages that were sent to readers of the stream'),
  sequence: event('changes of what is shown'),
  alerts: event('alerts that were raised or ended'),
} as const satisfies Record<string, Declared>;

/** Counters that come one for each reason, by how their names begin. An intent that is refused for two reasons counts under both. */
const FAMILIES: readonly (readonly [begin: RegExp, meaning: string])[] = [
  [/^refused(?=[A-Z])/, 'intents that risk refused with '],
  [/^notTaken:/, 'differences in price that were not taken: '],
];

/** Names of {@link SERVICE_COUNTERS} and of its families: a new counter is declared here first. */
export type CounterName = keyof typeof SERVICE_COUNTERS | `refused${RefusalCode}` | `notTaken:${NotTakenReason}`;
export type Counters = Readonly<Partial<Record<CounterName, number>>>;

const DECLARED: ReadonlyMap<string, Declared> = new Map(Object.entries(SERVICE_COUNTERS));

/** What a counter is and means; undefined where nobody declared it. */
export function counterOf(name: string): Declared | undefined {
  const family = FAMILIES.find(([begin]) => begin.test(name));
  return DECLARED.get(name) ?? (family && event(family[1] + name.replace(family[0], '')));
}

/** How many errors a service has counted: the sum of its counters that are declared as such. */
export function errorsOf(counters: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const [name, count] of Object.entries(counters)) if (DECLARED.get(name)?.kind === 'error') sum += count;
  return sum;
}
