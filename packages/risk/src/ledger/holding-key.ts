/** A currency at a venue, as the ledgers' maps name it. */
export const holdingKey = (venue: string, currency: string): string => `${venue}|${currency}`;

/** The venue and the currency of a {@link holdingKey}. */
export function holdingOf(key: string): { venue: string; currency: string } {
  const bar = key.indexOf('|');
  return { venue: key.slice(0, bar), currency: key.slice(bar + 1) };
}
