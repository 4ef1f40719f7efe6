import type { JournalRecord } from './journal.js';
import { levelKeyOf } from './taken-record.js';

/** The number at the end of an order's or a trade's id. */
export const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));

/**
 * A journal without the orders that closed by `untilUs`; the numbers that followed from them are its first record, and of
 * epochs the newest of each account and bus stay, of taken levels the newest word that is younger than `untilUs`. The same
 * array where no order closed by then.
 */
export function shortenJournal(records: readonly JournalRecord[], untilUs: number): readonly JournalRecord[] {
  const closed = new Set<string>();
  for (const record of records) if (record.kind === 'closed' && record.atUs <= untilUs) closed.add(record.order);
  if (closed.size === 0) return records;
  let [nextOrder, lastTrade] = [0, 0];
  const epochs = new Map<string, JournalRecord>();
  const taken = new Map<string, JournalRecord>();
  const kept: JournalRecord[] = [];
  for (const record of records) {
    if (record.kind === 'shortened') {
      ({ nextOrder, lastTrade } = record);
      continue;
    }
    if (record.kind === 'epoch') {
      epochs.set(`${record.account} ${record.grantedBy}`, record);
      continue;
    }
    if (record.kind === 'taken') {
      if (record.atUs > untilUs) taken.set(levelKeyOf(record), record);
      continue;
    }
    if (record.kind === 'accepted') nextOrder = Math.max(nextOrder, numberOf(record.venueOrderId) + 1);
    else if (record.kind === 'fill') lastTrade = Math.max(lastTrade, numberOf(record.fill.tradeId));
    if (!closed.has(record.kind === 'accepted' ? record.venueOrderId : record.order)) kept.push(record);
  }
  return [{ kind: 'shortened', nextOrder, lastTrade }, ...epochs.values(), ...taken.values(), ...kept];
}
