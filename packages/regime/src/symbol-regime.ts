import type { RegimeName } from '@parallax/types';
import type { RegimeOptions } from './options.js';
import { MidWindow } from './window.js';

const GRAVITY: Readonly<Record<RegimeName, number>> = { NORMAL: 0, HIGH_VOLATILITY: 1, FLASH_CRASH: 2, FLASH_PUMP: 2 };

/** What {@link SymbolRegime.evaluate} found worth telling. */
export const Verdict = { nothing: 0, entered: 1, updated: 2 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/**
 * The state of one symbol. A graver state is entered at once when its measure reaches the entry threshold; a calmer or
 * equally grave one follows only when the present state's own measure is below its exit threshold and the minimum dwell
 * is over. Without a believed price in the whole window the state is held: no evidence is no evidence of calm.
 */
export class SymbolRegime {
  readonly window: MidWindow;
  regime: RegimeName | null = null;
  previous: RegimeName | null = null;
  strength = 0;
  confidence = 0;
  enteredAtUs = 0;
  private toldStrength = 0;
  private toldConfidence = 0;
  private toldAtUs = 0;
  private crash = 0;
  private pump = 0;
  private turbulence = 0;

  constructor(private readonly options: RegimeOptions) {
    this.window = new MidWindow(options.horizonUs, options.buckets);
  }

  /** Whether time alone, without a quote, may change the state. */
  get awake(): boolean {
    return this.regime !== 'NORMAL' && this.window.coverage > 0;
  }

  /** Whether the window that ends now shows enough of the market to say what it is in: a state may be held on less. */
  get isKnown(): boolean {
    return this.regime !== null && this.window.coverage >= this.options.minimumCoverage;
  }

  evaluate(nowUs: number): Verdict {
    const coverage = this.window.coverage;
    this.crash = this.window.fall / this.options.flashMoveEntry;
    this.pump = this.window.rise / this.options.flashMoveEntry;
    this.turbulence = this.window.volatility / this.options.volatilityEntry;
    const next = coverage === 0 ? this.regime : this.next(coverage, nowUs);
    if (next === null) return Verdict.nothing;
    const changed = next !== this.regime;
    if (changed) {
      this.previous = this.regime;
      this.regime = next;
      this.enteredAtUs = nowUs;
    }
    this.strength = this.measure(next);
    this.confidence = coverage * (next === 'NORMAL' ? 1 - Math.min(1, this.strength) : Math.min(1, this.strength / 2));
    if (!changed && !this.worthTelling(coverage, nowUs)) return Verdict.nothing;
    this.toldStrength = this.strength;
    this.toldConfidence = this.confidence;
    this.toldAtUs = nowUs;
    return changed ? Verdict.entered : Verdict.updated;
  }

  /** Multiples of the entry threshold; of NORMAL the largest of the three, which tells how near trouble is. */
  private measure(regime: RegimeName): number {
    if (regime === 'FLASH_CRASH') return this.crash;
    if (regime === 'FLASH_PUMP') return this.pump;
    if (regime === 'HIGH_VOLATILITY') return this.turbulence;
    return Math.max(this.crash, this.pump, this.turbulence);
  }

  private next(coverage: number, nowUs: number): RegimeName | null {
    const entered = this.beyondEntry();
    const current = this.regime;
    if (current === null) return entered !== 'NORMAL' || coverage >= this.options.minimumCoverage ? entered : null;
    if (entered === current || GRAVITY[entered] > GRAVITY[current]) return entered;
    const dwelt = nowUs - this.enteredAtUs >= this.options.minimumDwellUs;
    const over = this.measure(current) < this.exitOf(current);
    const believed = entered !== 'NORMAL' || coverage >= this.options.minimumCoverage;
    return dwelt && over && believed ? entered : current;
  }

  private beyondEntry(): RegimeName {
    if (this.crash >= 1 || this.pump >= 1) return this.crash >= this.pump ? 'FLASH_CRASH' : 'FLASH_PUMP';
    return this.turbulence >= 1 ? 'HIGH_VOLATILITY' : 'NORMAL';
  }

  private exitOf(regime: RegimeName): number {
    const { flashMoveEntry, flashMoveExit, volatilityEntry, volatilityExit } = this.options;
    return regime === 'HIGH_VOLATILITY' ? volatilityExit / volatilityEntry : flashMoveExit / flashMoveEntry;
  }

  private worthTelling(coverage: number, nowUs: number): boolean {
    if (coverage === 0) return this.toldConfidence > 0;
    if (nowUs - this.toldAtUs < this.options.minimumUpdateUs) return false;
    return Math.abs(this.strength - this.toldStrength) >= this.options.strengthStep;
  }
}
