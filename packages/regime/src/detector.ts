import {
  Quote,
  isTrusted,
  type InstrumentTable,
  type QuoteCore,
  type RegimeEvent,
  type Row,
  type WakingCore,
} from '@parallax/types';
import { MINUTE_REGIME, type RegimeOptions } from './options.js';
import { SymbolRegime, Verdict } from './symbol-regime.js';

export interface RegimeSink {
  onRegime(event: RegimeEvent): void;
}

interface Watched {
  readonly state: SymbolRegime;
  connection: number;
  frame: number;
  receivedAtUs: number;
  /** When the last quote came, by our clock; Infinity: none has. */
  heardAtUs: number;
  awake: boolean;
  /** The specification's version, and what one of its price integers is worth. */
  version: number;
  unit: number;
}

/**
 * Market state per symbol over one horizon, from trusted quotes alone. One update costs constant time and allocates
 * nothing unless an event leaves. An ensemble is another consumer of several detectors' events.
 */
export class RegimeDetector implements QuoteCore, WakingCore {
  /** Quotes that carried another version of the specification than the table holds: their scale is not known. */
  versionMismatches = 0;
  private readonly watched: (Watched | undefined)[] = [];
  private awake: number[] = [];
  private nextBucketUs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly instruments: InstrumentTable,
    private readonly sink: RegimeSink,
    private readonly options: RegimeOptions = MINUTE_REGIME,
  ) {}

  /** The next bucket's start while any symbol is in a state that time alone can end. */
  get wakeAtUs(): number {
    return this.awake.length === 0 ? Number.POSITIVE_INFINITY : this.nextBucketUs;
  }

  onQuote(instrument: number, quote: Row, nowUs: number): void {
    const watched = this.watched[instrument] ?? this.watch(instrument);
    watched.connection = quote[Quote.connection];
    watched.frame = quote[Quote.frame];
    watched.receivedAtUs = quote[Quote.receivedAtUs];
    this.hearSilence(watched, nowUs);
    watched.heardAtUs = nowUs;
    if (quote[Quote.specificationVersion] !== watched.version) this.describe(instrument, watched);
    if (quote[Quote.specificationVersion] !== watched.version) {
      this.versionMismatches++;
      watched.state.window.withdraw(nowUs);
    } else if (isTrusted(quote)) {
      const middle = (quote[Quote.bidPrice] + quote[Quote.askPrice]) / 2;
      watched.state.window.push(middle * watched.unit, nowUs);
    } else {
      watched.state.window.withdraw(nowUs);
    }
    this.judge(instrument, watched, nowUs);
    if (watched.state.awake && !watched.awake) {
      watched.awake = true;
      if (this.awake.push(instrument) === 1) this.nextBucketUs = watched.state.window.nextBucketUs;
    }
  }

  onWake(nowUs: number): void {
    if (this.awake.length === 0 || nowUs < this.nextBucketUs) return;
    const before = this.awake;
    const still: number[] = [];
    for (const instrument of before) {
      const watched = this.watched[instrument];
      if (!watched) continue;
      this.hearSilence(watched, nowUs);
      watched.state.window.advance(nowUs);
      this.judge(instrument, watched, nowUs);
      watched.awake = watched.state.awake;
      if (watched.awake) {
        still.push(instrument);
        this.nextBucketUs = watched.state.window.nextBucketUs;
      }
    }
    this.awake = still;
  }

  /**
   * What stands for a symbol now, as an event, or null while that is not known: no state was found yet, or quotes stopped or lost
   * their trust for so long that the window shows too little.
   */
  standing(instrument: number, nowUs: number): RegimeEvent | null {
    const watched = this.watched[instrument];
    if (!watched) return null;
    this.hearSilence(watched, nowUs);
    watched.state.window.advance(nowUs);
    return watched.state.isKnown ? this.event(instrument, watched, nowUs) : null;
  }

  /** When the last quote of a symbol came, by our clock; null: none has. */
  heardAtUs(instrument: number): number | null {
    return this.watched[instrument]?.heardAtUs ?? null;
  }

  /** The last state of a symbol as an event, whether it still is known to stand or not; null where none was found yet. */
  current(instrument: number, nowUs: number): RegimeEvent | null {
    const watched = this.watched[instrument];
    return watched && watched.state.regime !== null ? this.event(instrument, watched, nowUs) : null;
  }

  private watch(instrument: number): Watched {
    const watched: Watched = {
      state: new SymbolRegime(this.options),
      connection: 0,
      frame: 0,
      receivedAtUs: 0,
      heardAtUs: Number.POSITIVE_INFINITY,
      awake: false,
      version: -1,
      unit: 0,
    };
    this.describe(instrument, watched);
    while (this.watched.length <= instrument) this.watched.push(undefined);
    this.watched[instrument] = watched;
    return watched;
  }

  /** A price of which nothing was heard for too long stands no more, from the moment on at which it was too long. */
  private hearSilence({ state, heardAtUs }: Watched, nowUs: number): void {
    const endsAtUs = heardAtUs + this.options.maximumSilenceUs;
    if (nowUs > endsAtUs) state.window.withdraw(endsAtUs);
  }

  private describe(instrument: number, watched: Watched): void {
    const { version, priceScale } = this.instruments.get(instrument);
    watched.version = version;
    watched.unit = 10 ** -priceScale;
  }

  private judge(instrument: number, watched: Watched, nowUs: number): void {
    if (watched.state.evaluate(nowUs) === Verdict.nothing) return;
    this.sink.onRegime(this.event(instrument, watched, nowUs));
  }

  private event(instrument: number, { state, connection, frame, receivedAtUs }: Watched, nowUs: number): RegimeEvent {
    const { venue, symbol, base } = this.instruments.get(instrument);
    return {
      venue,
      symbol,
      base,
      horizon: this.options.horizon,
      regime: state.regime ?? 'NORMAL',
      previous: state.previous,
      confidence: state.confidence,
      strength: state.strength,
      enteredAtUs: state.enteredAtUs,
      durationUs: nowUs - state.enteredAtUs,
      atUs: nowUs,
      origin: { venue, connection, frame, receivedAtUs },
    };
  }
}
