import type { Random } from '@parallax/types';

/** FNV-1a over the text's UTF-16 units, started from `basis`: spreads a label over 32 bits. */
function hash32(text: string, basis: number): number {
  let hash = basis >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * A small, fast, seeded generator: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state. Uses integer arithmetic
 * only, so that a seed gives the same numbers on every machine. Not for secrets.
 */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: string) {
    this.a = hash32(seed, 0x811c9dc5);
    this.b = hash32(seed, 0x9e3779b9);
    this.c = hash32(seed, 0x85ebca6b);
    for (let i = 0; i < 15; i++) this.next();
  }

  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return (sum >>> 0) / 0x100000000;
  }

  id(bytes: number): string {
    let text = '';
    for (let i = 0; i < bytes; i++) text += Math.floor(this.next() * 256).toString(16).padStart(2, '0');
    return text;
  }

  /** An independent stream for one part of the model: adding a venue does not change what the others draw. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${label}`);
  }
}

/**
 * A standard normal by the sum of twelve uniforms (Irwin–Hall). Logarithms are not exactly specified in JavaScript;
 * sums are, so a seed gives the same market under every engine. Tails end at six deviations; jumps are modelled apart.
 */
export function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next();
  return sum;
}

/** How often something happened in a short time, given its expected count: exact in the mean. */
export function occurrences(random: Random, expected: number): number {
  const whole = Math.floor(expected);
  return whole + (random.next() < expected - whole ? 1 : 0);
}

/** Uniform between two bounds. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.next();
}
