import { between, normal, type SeededRandom } from './seeded-random.js';
import type { AssetScenario, Behaviour, Dislocation, Reverting } from './scenario.js';

const BPS = 1e-4;
/** Share of its distance from where it started that a price loses per second, so that long runs stay in range. */
const ANCHOR_PULL = 1 / 600;

/** The one price of an asset that all venues trade around, in US dollars. */
export class LatentPrice {
  price: number;
  private readonly anchor: number;
  private readonly own: number;

  constructor(
    readonly scenario: AssetScenario,
    private readonly random: SeededRandom,
  ) {
    this.price = Number(scenario.price);
    this.anchor = this.price;
    this.own = Math.sqrt(1 - scenario.correlation * scenario.correlation);
  }

  /** `common` is the standard normal that all assets share in this step. */
  advance(seconds: number, behaviour: Behaviour, direction: number, common: number): void {
    const shock = this.scenario.correlation * common + this.own * normal(this.random);
    const pull = (this.anchor / this.price - 1) * ANCHOR_PULL * seconds;
    const move = behaviour.driftBps * direction * seconds + behaviour.volatilityBps * Math.sqrt(seconds) * shock;
    this.price *= 1 + Math.max(-0.2, move * this.scenario.volatilityFactor * BPS) + pull;
  }
}

/** A distance in basis points that wanders and returns to its mean (Ornstein–Uhlenbeck, Euler steps). */
export class RevertingDistance {
  bps: number;

  constructor(
    private readonly parameters: Reverting,
    private readonly random: SeededRandom,
  ) {
    this.bps = parameters.meanBps + parameters.deviationBps * normal(random);
  }

  advance(seconds: number): void {
    const { meanBps, deviationBps, halfLifeSeconds } = this.parameters;
    const rate = Math.min(1, (Math.LN2 / halfLifeSeconds) * seconds);
    // Step noise that keeps the stationary deviation at deviationBps.
    this.bps += (meanBps - this.bps) * rate + deviationBps * Math.sqrt(rate * (2 - rate)) * normal(this.random);
  }
}

/** Sudden distances in basis points that fade by halves. */
export class FadingJumps {
  bps = 0;
  private sign: 1 | -1;

  constructor(
    private readonly parameters: Dislocation,
    private readonly random: SeededRandom,
  ) {
    this.sign = random.next() < 0.5 ? -1 : 1;
  }

  advance(seconds: number): void {
    const { perMinute, turning, fromBps, toBps, halfLifeSeconds } = this.parameters;
    this.bps *= 1 - Math.min(1, (Math.LN2 / halfLifeSeconds) * seconds);
    if (this.random.next() >= (perMinute / 60) * seconds) return;
    if (this.random.next() < turning) this.sign = this.sign === 1 ? -1 : 1;
    this.bps = this.sign * between(this.random, fromBps, toBps);
  }
}
