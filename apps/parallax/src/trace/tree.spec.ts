import { expect, test } from '@jest/globals';
import type { StoredSpan } from '@parallax/telemetry';
import { treeOf, treeText } from './tree.js';

const span = (spanId: string, parentSpanId: string | undefined, startUs: number, more: Partial<StoredSpan> = {}): StoredSpan => ({
  service: 'risk', traceId: 't', spanId, name: 'risk verdict', startUs, endUs: startUs + 1_500, ...(parentSpanId === undefined ? {} : { parentSpanId }), ...more,
});

test('a trace is printed as a tree, earliest first, with times after the first span', () => {
  const spans = [
    span('c', 'a', 9_000, { attributes: { 'parallax.leg': 1 } }),
    span('b', 'a', 7_000, { error: 'refused' }),
    span('d', 'b', 1_007_100),
    span('a', undefined, 5_000, { service: 'ingestion', name: 'ingestion frame', links: [{ traceId: 'other', spanId: 'x' }] }),
  ];
  expect(treeText(treeOf(spans)).split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'ingestion frame +0 µs 1.50 ms link=other',
    '├─ risk verdict +2.00 ms 1.50 ms error="refused"',
    '│ └─ risk verdict +1.002 s 1.50 ms',
    '└─ risk verdict +4.00 ms 1.50 ms leg=1',
  ]);
});

test('what hangs below a missing span is shown, and said', () => {
  expect(treeText(treeOf([span('b', 'gone', 1)]))).toContain('(its parent is missing)');
});
