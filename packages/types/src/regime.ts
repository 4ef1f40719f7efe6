export type RegimeName = 'FLASH_CRASH' | 'FLASH_PUMP' | 'HIGH_VOLATILITY' | 'NORMAL';
/** Leaves room for slower horizons and an ensemble that votes over them. */
export type RegimeHorizon = '1m' | '1h' | '24h' | 'ensemble';

/** For how long the last word on what stands is believed unless told otherwise, in microseconds; it is told each second. */
export const REGIME_MAX_AGE_US = 10_000_000;

/**
 * The state of one symbol's market. Stored when it is entered and, while it lasts, when its strength moves; told besides each
 * second for as long as it is known to stand.
 */
export interface RegimeEvent {
  readonly venue: string;
  readonly symbol: string;
  readonly base: string;
  readonly horizon: RegimeHorizon;
  readonly regime: RegimeName;
  readonly previous: RegimeName | null;
  /** 0 to 1: how much of the window the judgement rests on and how far past the threshold it is. */
  readonly confidence: number;
  /** Multiples of the entry threshold; 1 is just entered. */
  readonly strength: number;
  readonly enteredAtUs: number;
  readonly durationUs: number;
  /** When it held. */
  readonly atUs: number;
  /** The frame that tipped it. */
  readonly origin: EventOrigin;
  readonly traceparent?: string;
}

/** The frame that an event comes from. */
export interface EventOrigin {
  readonly venue: string;
  readonly connection: number;
  readonly frame: number;
  readonly receivedAtUs: number;
}
