import type { ReplaySummary } from './replay.js';

/** The summary as people read it. */
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

/** Lines of columns as wide as their widest cell; the first row is underlined. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}
