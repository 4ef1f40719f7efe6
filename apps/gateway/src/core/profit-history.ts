import type { Profit } from '@parallax/types';

const SAMPLES = 900;
const SAMPLE_US = 1_000_000;

/** The samples of one account and currency, and the least time between two of them. */
interface Line {
  samples: Profit[];
  everyUs: number;
}

/**
 * How profits came about since the gateway started, for a chart: samples by account and currency. Where they become many,
 * every second one goes and the next ones come half as often, so that the chart reaches back to its first.
 */
export class ProfitHistory {
  private readonly lines = new Map<string, Line>();

  /** Oldest first. */
  get samples(): Profit[] {
    return [...this.lines.values()].flatMap(({ samples }) => samples).sort((one, other) => one.atUs - other.atUs);
  }

  /** A newer one within the time of a sample takes its place. */
  add(profit: Profit): void {
    const key = `${profit.account} ${profit.currency}`;
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = { samples: [], everyUs: SAMPLE_US }));
    const last = line.samples.at(-1);
    if (last && profit.atUs - last.atUs < line.everyUs) line.samples[line.samples.length - 1] = { ...profit, atUs: last.atUs };
    else line.samples.push(profit);
    if (line.samples.length <= SAMPLES) return;
    line.everyUs *= 2;
    line.samples = line.samples.filter((_, at) => at % 2 === 0);
  }
}
