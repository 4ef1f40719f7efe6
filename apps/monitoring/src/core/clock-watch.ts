/** How far a clock stands from the clocks of most others. */
export interface ClockDistance {
  /** Above 0: it is ahead. */
  readonly byUs: number;
  /** Some of those that agree with most. */
  readonly others: readonly string[];
}

/** Words of so many microseconds count. A word comes late and never early, so the least late of them is next to the truth. */
const WINDOW_US = 10_000_000;
/** One word may have been held up; so many in a row are not. */
const LEAST_WORDS = 3;
const NAMED = 3;

interface Word {
  readonly heardAtUs: number;
  /** The speaker's clock less ours as the word was heard. */
  readonly aheadUs: number;
}

/**
 * Compares clocks by what their owners publish: each word carries its speaker's time. Ours is one among them, so that where
 * it is the one that is wrong, it is found out like any other. Pure.
 */
export class ClockWatch {
  private readonly words = new Map<string, Word[]>();

  constructor(private readonly marginUs: number) {}

  /** `name` said at `atUs` of its own clock what was heard at `nowUs` of ours. */
  onWord(name: string, atUs: number, nowUs: number): void {
    const words = this.recent(name, nowUs);
    words.push({ heardAtUs: nowUs, aheadUs: atUs - nowUs });
    this.words.set(name, words);
  }

  forget(name: string): void {
    this.words.delete(name);
  }

  /** Whether enough was heard of it lately to tell. */
  isKnown(name: string, nowUs: number): boolean {
    return this.recent(name, nowUs).length >= LEAST_WORDS;
  }

  /** Those whose clocks are further from most others than the margin, by name; a clock that is not heard any more is left out. */
  apart(nowUs: number): ReadonlyMap<string, ClockDistance> {
    const heard = [...this.words.keys()].flatMap((name) => {
      const recent = this.recent(name, nowUs);
      return recent.length < LEAST_WORDS ? [] : [{ name, aheadUs: Math.max(...recent.map(({ aheadUs }) => aheadUs)) }];
    });
    const middleUs = heard.map(({ aheadUs }) => aheadUs).toSorted((a, b) => a - b)[(heard.length - 1) >> 1];
    const isApart = (aheadUs: number): boolean => Math.abs(aheadUs - middleUs) > this.marginUs;
    const others = heard.filter(({ aheadUs }) => !isApart(aheadUs)).map(({ name }) => name).slice(0, NAMED);
    return new Map(heard.filter(({ aheadUs }) => isApart(aheadUs)).map(({ name, aheadUs }) => [name, { byUs: aheadUs - middleUs, others }]));
  }

  private recent(name: string, nowUs: number): Word[] {
    return (this.words.get(name) ?? []).filter(({ heardAtUs }) => nowUs - heardAtUs <= WINDOW_US);
  }
}
