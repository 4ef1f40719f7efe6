import type { JournalRecord } from './journal.js';

/** The number at the end of an order's or a trade's id. */
export const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));

/**
 * A journal without the orders that closed by `untilUs`; what else followed from them (numbers, epochs) is its first
 * record. The same array where none did.
 */
export function shortenJournal(records: readonly JournalRecord[], untilUs: number): readonly JournalRecord[] {
  const closed = new Set<string>();
  for (const record of records) if (record.kind === 'closed' && record.atUs <= untilUs) closed.add(record.order);
  if (closed.size === 0) return records;
  let [nextOrder, lastTrade] = [0, 0];
  const epochs: Record<string, number> = {};
  const note = (account: string, epoch: number): void => void (epochs[account] = Math.max(epochs[account] ?? 0, epoch));
  const kept: JournalRecord[] = [];
  for (const record of records) {
    if (record.kind === 'shortened') {
      ({ nextOrder, lastTrade } = record);
      for (const [account, epoch] of Object.entries(record.epochs)) note(account, epoch);
      continue;
    }
    if (record.kind === 'accepted') {
      nextOrder = Math.max(nextOrder, numberOf(record.venueOrderId) + 1);
      note(record.request.account, record.request.epoch);
    } else if (record.kind === 'fill') {
      lastTrade = Math.max(lastTrade, numberOf(record.fill.tradeId));
    }
    if (!closed.has(record.kind === 'accepted' ? record.venueOrderId : record.order)) kept.push(record);
  }
  return [{ kind: 'shortened', nextOrder, lastTrade, epochs }, ...kept];
}
