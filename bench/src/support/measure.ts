import { medianOf } from './percentiles.js';

export interface Rate {
  /** Middle of all runs after the warm-up. */
  readonly perSecond: number;
  readonly slowest: number;
  readonly fastest: number;
  readonly runs: number;
  /** Processor time of all threads for one unit, middle of all runs: a busy machine distorts it less than the clock. */
  readonly processorUs: number;
}

/**
 * Runs `body` once to warm up and then `runs` times; it returns how many units it did. For a fair comparison give two
 * bodies to {@link measureInTurn} instead.
 */
export function measureRate(runs: number, body: () => number): Rate {
  return measureInTurn(runs, { body }).body;
}

/** Measures several bodies in turn, run by run, so that a noisy minute hits all of them alike. */
export function measureInTurn<Name extends string>(runs: number, bodies: Readonly<Record<Name, () => number>>): Record<Name, Rate> {
  const names = Object.keys(bodies) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const processor = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = -1; run < runs; run++) {
    for (const name of names) {
      globalThis.gc?.();
      const before = process.cpuUsage();
      const startedAt = performance.now();
      const units = bodies[name]();
      const perSecond = (units / (performance.now() - startedAt)) * 1000;
      const { user, system } = process.cpuUsage(before);
      if (run < 0) continue;
      rates[name].push(perSecond);
      processor[name].push((user + system) / units);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const all = rates[name];
      return [name, { perSecond: medianOf(all), slowest: Math.min(...all), fastest: Math.max(...all), runs, processorUs: medianOf(processor[name]) }];
    }),
  ) as Record<Name, Rate>;
}
