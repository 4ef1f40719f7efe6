import { expect, test } from '@jest/globals';
import { CollectedReport } from './bench.js';
import { medianOf, percentilesOf, Samples } from './percentiles.js';
import { figureText, reportText, tableText } from './report-text.js';

test('percentiles are values that were measured, by nearest rank', () => {
  const samples = Float64Array.from({ length: 1000 }, (_, index) => 1000 - index);
  expect(percentilesOf(samples)).toEqual({ count: 1000, p50: 500, p99: 990, p999: 999, maximum: 1000 });
  expect(percentilesOf(Float64Array.of(7))).toEqual({ count: 1, p50: 7, p99: 7, p999: 7, maximum: 7 });
  expect(percentilesOf(new Float64Array(0)).p99).toBeNaN();
});

test('samples beyond the capacity replace the oldest', () => {
  const samples = new Samples(3);
  for (const value of [9, 1, 2, 3]) samples.add(value);
  expect(samples.count).toBe(4);
  expect(samples.percentiles()).toEqual({ count: 3, p50: 2, p99: 3, p999: 3, maximum: 3 });
});

test('the median of an even number of runs lies between the two middle ones', () => {
  expect(medianOf([4, 1, 3])).toBe(3);
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
});

test('figures, tables and targets read well', () => {
  expect([3012345.4, 0.33123, 12, Number.NaN, 'x'].map(figureText)).toEqual(['3,012,345', '0.331', '12', '-', 'x']);
  expect(tableText([{ what: 'a', p50Us: 1 }, { what: 'long', p99Us: 20 }])).toBe('what  p50Us  p99Us\na         1       \nlong            20');
  const report = new CollectedReport();
  report.row('a', { perSecond: 10 });
  report.reach('rate', 10, 'at least', 20, 'frames/s');
  report.reach('p99', 10, 'at most', 15, 'µs');
  report.note('on a quiet machine');
  expect(reportText(report).split('\n').slice(2)).toEqual([
    'MISSED   rate: 10 frames/s, at least 20 wanted',
    'reached  p99: 10 µs, at most 15 wanted',
    'on a quiet machine',
  ]);
});
