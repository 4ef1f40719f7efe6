import { medianOf } from './percentiles.js';

/** What one pair of performance.now() calls costs by itself, in microseconds. */
export function timerOverheadUs(): number {
  const samples = Array.from({ length: 21 }, () => {
    const startedAt = performance.now();
    for (let i = 0; i < 10_000; i++) performance.now();
    return ((performance.now() - startedAt) * 1000) / 10_000;
  });
  return medianOf(samples);
}
