import { describe, expect, test } from '@jest/globals';
import { createLog, HISTOGRAM_LIMIT, LatencyHistogram, ServiceMetrics } from '../src/index.js';

describe('the histogram', () => {
  test('is exact below 64 and at most 1/32 too high above', () => {
    for (const value of [0, 1, 63, 64, 65, 127, 128, 1000, 12_345, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 5, 2 ** 35 + 1, HISTOGRAM_LIMIT]) {
      const histogram = new LatencyHistogram();
      histogram.record(value);
      histogram.record(HISTOGRAM_LIMIT);
      const found = histogram.percentile(0.5);
      expect(found).toBeGreaterThanOrEqual(value);
      expect(found).toBeLessThanOrEqual(value < 64 ? value : value * (1 + 1 / 32));
    }
  });

  test('agrees with sorting on a long tail', () => {
    const histogram = new LatencyHistogram();
    const values: number[] = [];
    let seed = 1;
    for (let i = 0; i < 20_000; i++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const value = Math.floor(10 / (seed / 2_147_483_647));
      values.push(value);
      histogram.record(value);
    }
    values.sort((a, b) => a - b);
    for (const share of [0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = values[Math.ceil(share * values.length) - 1];
      expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact);
      expect(histogram.percentile(share)).toBeLessThanOrEqual(exact * (1 + 1 / 32));
    }
    expect(histogram.maximum).toBe(values.at(-1));
  });

  test('takes what is out of range, adds up and starts anew', () => {
    const histogram = new LatencyHistogram();
    expect([histogram.percentile(0.99), histogram.summary()]).toEqual([null, null]);
    histogram.record(0);
    histogram.record(2.9);
    const other = new LatencyHistogram();
    other.record(1e18);
    histogram.add(other);
    expect([histogram.count, histogram.percentile(0.1), histogram.percentile(0.5), histogram.maximum]).toEqual([3, 0, 2, HISTOGRAM_LIMIT]);
    histogram.reset();
    expect(histogram.summary()).toBeNull();
  });

  test('counts what is negative or no number apart, as unknown, and never as 0', () => {
    const [histogram, other] = [new LatencyHistogram(), new LatencyHistogram()];
    for (const value of [-1, Number.NaN, -1e9, 7]) histogram.record(value);
    other.record(-1);
    other.add(histogram);
    expect([other.unknown, other.summary(), histogram.percentile(0)]).toEqual([4, { p50: 7, p99: 7, count: 1 }, 7]);
    histogram.reset();
    expect(histogram.unknown).toBe(0);
  });

  test('tells how many values are at most as high as each limit', () => {
    const histogram = new LatencyHistogram();
    for (const value of [0, 50, 51, 1_000, 2 ** 39]) histogram.record(value);
    expect(histogram.countsUpTo([0, 50, 60, 970, 1_100, 2 ** 40])).toEqual([1, 2, 3, 3, 4, 5]);
  });
});

describe('the log', () => {
  const captured = (): { lines: Record<string, unknown>[]; raw: string[]; log: ReturnType<typeof createLog> } => {
    const raw: string[] = [];
    const lines: Record<string, unknown>[] = [];
    const destination = { write: (line: string) => void (raw.push(line), lines.push(JSON.parse(line) as Record<string, unknown>)) };
    return { raw, lines, log: createLog({ service: 'risk', instance: 'risk-1', destination, clock: { nowUs: () => 1_700_000_000_123_456 } }) };
  };

  test('writes one object a line, with the time it is given', () => {
    const { lines, log } = captured();
    log.info('started', { port: 8080 });
    log.debug('not written');
    log.with({ venue: 'okx' }).warn('gap', { symbol: 'BTC/USDT' });
    expect(lines).toEqual([
      { level: 'info', time: '2023-11-14T22:13:20.123Z', service: 'risk', instance: 'risk-1', port: 8080, msg: 'started' },
      { level: 'warn', time: '2023-11-14T22:13:20.123Z', service: 'risk', instance: 'risk-1', venue: 'okx', symbol: 'BTC/USDT', msg: 'gap' },
    ]);
  });

  test('hides secrets by name at any depth, in addresses, headers and errors', () => {
    const { raw, lines, log } = captured();
    log.error('cannot join nats://risk:hunter2@host:4222', {
      password: 'hunter2',
      nested: [{ apiKey: 'hunter2', NATS_RISK_PASSWORD: 'hunter2', kept: 1 }],
      headers: { Authorization: 'Bearer hunter2', note: 'sent Bearer hunter2hunter2' },
      error: new Error('redis://:hunter2@host refused', { cause: new Error('https://a:hunter2@b') }),
    });
    expect(raw.join('')).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ msg: 'cannot join nats://[hidden]@host:4222', nested: [{ apiKey: '[hidden]', kept: 1 }], error: { type: 'Error' } });
  });

  test('survives what JSON cannot hold', () => {
    const { lines, log } = captured();
    const ring: Record<string, unknown> = { n: 10n, bytes: new Uint8Array(3) };
    ring.self = ring;
    log.info('odd', { ring });
    expect(JSON.stringify(lines[0].ring)).toContain('"n":"10"');
  });
});

describe('metrics', () => {
  test('of two services in one process do not mix; numbers are read when asked', async () => {
    const risk = new ServiceMetrics('risk');
    const gateway = new ServiceMetrics('gateway');
    let refused: number | null = null;
    risk.collect('refused_total', 'Intents refused', 'counter', () => (refused === null ? [] : [{ labels: { code: 'HALTED' }, value: refused }]));
    expect(await risk.text()).not.toMatch(/^parallax_refused_total/m);
    refused = 5;
    const text = await risk.text();
    expect(text).toContain('# TYPE parallax_refused_total counter');
    expect(text).toContain('parallax_refused_total{code="HALTED",service="risk"} 5');
    expect(await gateway.text()).not.toContain('refused');
  });
});
