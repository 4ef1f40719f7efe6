import { missingSentence, type MissingSymbol, type Trouble, type VenueFeed } from '@parallax/types';

/** Beyond so many of one venue they are told as a number. */
const NAMED = 10;

/** Whether it should be heard and is not: its time for a first word is over, or the venue refused. */
export const isOverdue = ({ state, sinceUs }: MissingSymbol): boolean => state !== 'unlisted' && sinceUs !== null;

/** Sentences for what keeps ingestion from being ready: every symbol that is not heard, those whose first word may still come among them. */
export function missingSentences({ venue, missing }: VenueFeed): string[] {
  const waited = missing.filter(({ state }) => state !== 'unlisted');
  const named = waited.slice(0, NAMED).map((one) => `${venue}: ${missingSentence(one)}`);
  return waited.length <= NAMED ? named : [...named, `${venue}: ${waited.length - NAMED} more symbols are not heard`];
}

/** A trouble for each symbol that is missing, one for a venue of which all are, and one for what no venue lists. */
export function missingTroubles(feeds: readonly VenueFeed[]): Trouble[] {
  return [...feeds.flatMap(troublesOf), ...unlistedTrouble(feeds)];
}

function troublesOf({ venue, wanted, missing }: VenueFeed): Trouble[] {
  const overdue = missing.filter(isOverdue);
  const key = `missing.${plain(venue)}`;
  if (overdue.length > 1 && overdue.length >= wanted) {
    return [{ key, severity: 'critical', summary: `${venue}: nothing is heard of any of ${wanted} symbols, such as ${missingSentence(overdue[0])}` }];
  }
  const named: Trouble[] = overdue.slice(0, NAMED).map((one) => ({
    key: `${key}.${plain(one.symbol)}`, severity: 'warning', summary: `${venue}: ${missingSentence(one)}`,
  }));
  if (overdue.length <= NAMED) return named;
  return [...named, { key: `${key}.more`, severity: 'warning', summary: `${venue}: more than ${NAMED} symbols are not heard; GET /api/v1/venues lists them` }];
}

function unlistedTrouble(feeds: readonly VenueFeed[]): Trouble[] {
  const unlisted = feeds.map(({ missing }) => missing.filter(({ state }) => state === 'unlisted').map(({ symbol }) => symbol));
  const nowhere = (unlisted[0] ?? []).filter((symbol) => unlisted.every((of) => of.includes(symbol)));
  return nowhere.length === 0 ? [] : [{ key: 'unlisted', severity: 'warning', summary: `no venue lists ${nowhere.join(', ')}: look at SYMBOLS` }];
}

/** As a part of a trouble's key. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_');
