import type { RegimeDetector } from '@parallax/regime';
import type { InstrumentTable, RegimeEvent } from '@parallax/types';

/** So many markets are named, and the rest as a number. */
const NAMED = 5;
/** Without a quote of any market for so long, something is wrong before here. */
const SILENT_US = 10_000_000;

/** Which regimes are known to stand at one moment, and of which markets that are heard none is. */
export class RegimeStates {
  readonly known: RegimeEvent[] = [];
  readonly unknown: string[] = [];
  private heardAtUs: number | null = null;

  constructor(detector: RegimeDetector, instruments: InstrumentTable, private readonly nowUs: number) {
    for (let instrument = 0; instrument < instruments.size; instrument++) {
      const heardAtUs = detector.heardAtUs(instrument);
      if (heardAtUs === null) continue;
      this.heardAtUs = Math.max(heardAtUs, this.heardAtUs ?? heardAtUs);
      const regime = detector.standing(instrument, nowUs);
      const { venue, symbol, status } = instruments.get(instrument);
      if (regime !== null) this.known.push(regime);
      // One that its venue does not trade any more has none.
      else if (status === 'trading') this.unknown.push(`${venue} ${symbol}`);
    }
  }

  /** What keeps risk from opening anything new, in sentences. */
  degraded(): string[] {
    const { heardAtUs, known, nowUs, unknown } = this;
    if (heardAtUs === null) return ['no quote has come yet'];
    const silentUs = nowUs - heardAtUs;
    const silence = silentUs > SILENT_US ? [`no quote has come for ${Math.round(silentUs / 1e6)} s`] : [];
    if (unknown.length === 0) return silence;
    const more = unknown.length > NAMED ? `, and ${unknown.length - NAMED} more` : '';
    const which = `${unknown.length} of ${known.length + unknown.length} markets (${unknown.slice(0, NAMED).join(', ')}${more})`;
    return [...silence, `the regime of ${which} is not known, which takes half a minute of trusted quotes: risk opens nothing new there (RISK_STATE_UNKNOWN)`];
  }
}
