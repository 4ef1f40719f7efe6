import type { Kind } from './kinds.js';

/** Faults that a paper venue pretends; shares from 0 to 1, times in microseconds. */
export interface PaperFaults {
  readonly seed: string;
  readonly refused: number;
  readonly unfilled: number;
  readonly partial: number;
  readonly latencyUs: readonly [least: number, most: number];
}

const PART = /^(seed|refused|unfilled|partial|latency)=(\S+)$/;
const SHARE = /^(0|1|0?\.\d{1,9}|1\.0{1,9})$/;
const RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;
const SEED = /^[\w-]{1,64}$/;

/** `seed=7,refused=0.1,unfilled=0.1,partial=0.2,latency=5-50`: what is left out is 0, the seed 1. */
export const paperFaults: Kind<PaperFaults> = {
  description:
    '`name=value` between commas: `seed` (letters and digits), `refused`, `unfilled` and `partial` (shares of orders, together 1 at most), ' +
    '`latency` (added milliseconds, `20` or `5-50`)',
  read(raw) {
    const parts = new Map<string, string>();
    for (const part of raw.split(',').map((one) => one.trim())) {
      const match = PART.exec(part);
      if (!match || parts.has(match[1])) return undefined;
      parts.set(match[1], match[2]);
    }
    const { seed = '1', refused = '0', unfilled = '0', partial = '0', latency = '0' } = Object.fromEntries(parts);
    const range = RANGE.exec(latency);
    if (!range || !SEED.test(seed) || ![refused, unfilled, partial].every((share) => SHARE.test(share))) return undefined;
    const [least, most] = [Number(range[1]), Number(range[2] ?? range[1])];
    const shares = { refused: Number(refused), unfilled: Number(unfilled), partial: Number(partial) };
    const whole = shares.refused + shares.unfilled + shares.partial;
    return least > most || whole > 1 ? undefined : { seed, ...shares, latencyUs: [least * 1000, most * 1000] };
  },
};
