import { DeltaBuffer } from '@parallax/book';
import { askKeyframe, type ServiceContext } from '@parallax/runtime';
import type { PaperVenue } from '@parallax/simulation';
import { BookChange, type InstrumentTable, type Row } from '@parallax/types';
import { RowReader } from '@parallax/wire';

const TIMEOUT_MS = 2_000;

/** Asks for the books that paper venues lack, and hands each on with what changed while it was on its way. */
export class KeyframeAsker {
  private readonly asked = new Map<number, DeltaBuffer>();
  private readonly keyframes = new RowReader();

  constructor(
    private readonly context: ServiceContext,
    private readonly instruments: InstrumentTable,
    /** The venue as it is when the answer comes: it may have gone to another instance meanwhile. */
    private readonly venueOf: (instrument: number) => PaperVenue | null,
  ) {}

  /** A change came: kept where the book is being asked for. */
  keep(instrument: number, change: Row): void {
    this.asked.get(instrument)?.keep(change);
  }

  /** Asks for what is missing and not asked for already. */
  ask(venue: string, core: PaperVenue): void {
    for (const instrument of core.missingBooks) {
      if (this.asked.has(instrument)) continue;
      this.asked.set(instrument, new DeltaBuffer());
      void this.askOne(venue, instrument).finally(() => this.asked.delete(instrument));
    }
  }

  private async askOne(venue: string, instrument: number): Promise<void> {
    const { bus, clock, log } = this.context;
    const { symbol } = this.instruments.get(instrument);
    try {
      const bytes = await askKeyframe(bus, venue, { symbol, reason: 'the paper venue has no book' }, TIMEOUT_MS);
      const keyframe = this.keyframes.market(bytes, 'book');
      const core = this.venueOf(instrument);
      core?.onBook(instrument, keyframe, clock.nowUs());
      for (const change of this.asked.get(instrument)?.after(keyframe[BookChange.lastId]) ?? []) core?.onBook(instrument, change, clock.nowUs());
    } catch (error) {
      log.warn(`no keyframe of ${venue} ${symbol} to be had`, { error: (error as Error).message });
    }
  }
}
