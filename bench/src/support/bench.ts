/** What a file `bench/src/<name>.bench.ts` exports as `bench`. */
export interface Bench {
  /** The file's name without `.bench.ts`. */
  readonly name: string;
  /** One sentence: what runs, on what input, beside what. */
  readonly description: string;
  run(report: BenchReport): Promise<void> | void;
}

/** One line of figures; the unit stands in each column's name (`framesPerSecond`, `p99Us`). */
export type BenchRow = Readonly<Record<string, string | number>>;

/** Where a bench puts its figures. Nothing is printed by the bench itself, so that text and JSON say the same. */
export interface BenchReport {
  /** What was measured, in the first column, and its figures. Rows of one run belong to one table. */
  row(what: string, figures: BenchRow): void;
  /** A figure that is to be reached. It is said whether it was; a missed one does not end the bench. */
  reach(what: string, measured: number, rule: 'at least' | 'at most', wanted: number, unit: string): void;
  /** A sentence beside the figures: the input, what was left out, why a figure was missed. */
  note(sentence: string): void;
}

export interface BenchTarget {
  readonly what: string;
  readonly measured: number;
  readonly rule: 'at least' | 'at most';
  readonly wanted: number;
  readonly unit: string;
  readonly reached: boolean;
}

/** Keeps what a bench reports. */
export class CollectedReport implements BenchReport {
  readonly rows: BenchRow[] = [];
  readonly targets: BenchTarget[] = [];
  readonly notes: string[] = [];

  row(what: string, figures: BenchRow): void {
    this.rows.push({ what, ...figures });
  }

  reach(what: string, measured: number, rule: 'at least' | 'at most', wanted: number, unit: string): void {
    const reached = rule === 'at least' ? measured >= wanted : measured <= wanted;
    this.targets.push({ what, measured, rule, wanted, unit, reached });
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }
}
