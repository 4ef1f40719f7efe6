import type { RefusedOutcome, Trouble } from '@parallax/types';

/** So many refusals of one venue with one code, and nothing accepted between, are no accident. */
const RUN = 5;
/** Who acts under an epoch that the venue does not take is refused for ever: once says it all. */
const OF_EPOCHS = /^EPOCH_/;

/** What keeps a venue's code from being part of a key. */
const NO_KEY = /[^A-Za-z0-9_-]/g;

interface Run {
  count: number;
  /** The venue's sentence, the newest. */
  detail: string;
}

/** Runs of refusals by venue and code: a trouble that stands until that venue accepts something again. */
export class RefusalRuns {
  private readonly runs = new Map<string, Map<string, Run>>();

  onAccepted(venue: string): void {
    this.runs.delete(venue);
  }

  onRefused(venue: string, { code, detail }: Pick<RefusedOutcome, 'code' | 'detail'>): void {
    const ofVenue = this.runs.get(venue) ?? new Map<string, Run>();
    this.runs.set(venue, ofVenue);
    const run = ofVenue.get(code) ?? { count: 0, detail };
    ofVenue.set(code, { count: run.count + 1, detail });
  }

  troubles(): Trouble[] {
    return [...this.runs].flatMap(([venue, ofVenue]) => [...ofVenue].flatMap(([code, { count, detail }]): Trouble[] => {
      if (count < RUN && !OF_EPOCHS.test(code)) return [];
      const summary = `${venue} refuses orders with ${code}, and has accepted none since: ${detail}`;
      return [{ key: `refused.${venue}.${code.replaceAll(NO_KEY, '_')}`, severity: 'critical', summary }];
    }));
  }
}
