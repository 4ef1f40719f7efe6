import type { BenchRow, CollectedReport } from './bench.js';

/** A number with as many digits as it means something with: 3012345 as 3,012,345 and 0.3312 as 0.331. */
export function figureText(value: string | number): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** The table of all rows; a column that only some rows have stays empty in the others. */
export function tableText(rows: readonly BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => (column in row ? figureText(row[column]) : '')))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  '))
    .join('\n');
}

export function reportText(report: CollectedReport): string {
  const targets = report.targets.map(
    ({ what, measured, rule, wanted, unit, reached }) =>
      `${reached ? 'reached' : 'MISSED '}  ${what}: ${figureText(measured)} ${unit}, ${rule} ${figureText(wanted)} wanted`,
  );
  return [tableText(report.rows), ...targets, ...report.notes].filter((text) => text !== '').join('\n');
}
