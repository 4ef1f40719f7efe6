import { readable } from '../profit/amount.js';
import type { ReplayResult } from './perform.js';
import type { ReplaySummary } from './replay.js';

const FAULTS_SHOWN = 10;

/** Table, totals, dead letters and faults. */
export function summaryText(outcome: Omit<ReplayResult, 'interrupted'>): string {
  const { frames, tookMs, deadLetters, faults, faultCount, assumed } = outcome;
  return [
    summaryTable(outcome), '', outcomeText(outcome), `${frames} frames in ${(tookMs / 1000).toFixed(1)} s`,
    ...assumed.map((sentence) => `assumed: ${sentence}`),
    ...Object.entries(deadLetters).map(([reason, count]) => `dead letters: ${count} × ${reason}`),
    ...faults.slice(0, FAULTS_SHOWN).map(({ file, line, reason }) => `${file}:${line}: ${reason}`),
    ...(faultCount > FAULTS_SHOWN ? [`… and ${faultCount - FAULTS_SHOWN} more faults in the recordings`] : []),
  ].join('\n');
}

/** The symbols as people read them. */
export function summaryTable(summary: ReplaySummary): string {
  const header = ['venue', 'symbol', 'frames', 'updates', 'trades', 'quotes', 'gaps', 'resyncs', 'checksums', 'tickers', 'crossed', 'trust', 'bid', 'ask'];
  const rows = summary.symbols.map((one) => [
    one.venue, one.specification === 'inferred' ? `${one.symbol} (inferred)` : one.symbol,
    String(one.frames), String(one.bookUpdates), String(one.trades), String(one.quotes), String(one.gaps), String(one.resyncs),
    one.checksumsChecked === 0 ? '-' : `${one.checksumsChecked - one.checksumsFailed}/${one.checksumsChecked}`,
    one.tickersChecked === 0 ? '-' : `${one.tickersChecked - one.tickersFailed}/${one.tickersChecked}`,
    String(one.crossed), one.trust === 'synced' ? one.trust : `${one.trust}: ${one.cause}`,
    one.bid ? `${one.bid.price} × ${one.bid.size}` : '-', one.ask ? `${one.ask.price} × ${one.ask.size}` : '-',
  ]);
  return columns([header, ...rows]);
}

/** What came of the books, a line each. */
export function outcomeText({ opportunities, notTaken, verdicts, orders, fills, orderIds, pnl }: ReplaySummary): string {
  const counts = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record).map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
  return [
    `opportunities: ${opportunities.opened} opened, ${opportunities.updated} updates, closed: ${counts(opportunities.closed)}`,
    `not taken:     ${counts(notTaken)}`,
    `verdicts:      ${counts(verdicts)}`,
    `orders:        ${orders}, fills: ${fills}`,
    ...(orders > 0 ? [`traces:        parallax trace ${orderIds[0]} shows what led to the first order; --json lists all`] : []),
    `profit:        ${Object.entries(pnl).map(([currency, amount]) => `${readable(amount)} ${currency}`).join(', ') || 'nothing was traded'}`,
  ].join('\n');
}

/** Lines of columns as wide as their widest cell; the first row is underlined. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}
