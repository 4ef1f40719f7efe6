import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Profit, ProfitCause } from '@parallax/types';
import { KeyedRows, make, setText } from '../dom.js';
import { dayOf, money, timeOf } from '../format.js';
import { linesOf, openLine, standingOf, type OpenLine } from './open-lots.js';

const HEIGHT = 200;
const NAMES: Record<string, string> = {
  spread: 'Spread', slippage: 'Slippage', exitCost: 'Exits', fees: 'Fees', evened: 'Evened',
};
const TONES: Record<string, string> = { spread: '--good', fees: '--bad' };

/** Profit by cause as figures, what is in none of them as lines, and both over time as a small chart. */
export class ProfitView {
  private chart: uPlot | null = null;
  private drawn = '';
  private readonly lines: KeyedRows<OpenLine>;

  constructor(
    private readonly figures: HTMLElement,
    open: HTMLElement,
    private readonly parent: HTMLElement,
    private readonly note: HTMLElement,
  ) {
    this.lines = new KeyedRows(open, ({ key }) => key, openLine);
    new ResizeObserver(() => this.chart?.setSize({ width: this.parent.clientWidth, height: HEIGHT })).observe(parent);
  }

  /** Colours come from the theme; call after it changed. */
  restyle(): void {
    this.drawn = '';
    this.chart?.destroy();
    this.chart = null;
  }

  /** `isKnown`: execution would tell of profit if there were any. */
  show(current: readonly Profit[], history: readonly Profit[], isKnown: boolean): void {
    const main = current[0];
    setText(this.note, main ? `${main.account}, in ${main.currency}, since ${dayOf(main.sinceUs)}` : '');
    this.note.title = main ? `since the first fill, ${dayOf(main.sinceUs)}, ${timeOf(main.sinceUs)}` : '';
    this.lines.show(linesOf(current));
    if (!main) {
      this.figures.replaceChildren(make('p', 'empty', isKnown ? 'No plan has traded yet.' : 'Unknown: execution has not told of any.'));
      return;
    }
    const { total, open } = standingOf(main);
    this.figures.replaceChildren(
      figure('Net', total, true),
      ...Object.entries(main.causes).map(([cause, value]) => figure(NAMES[cause] ?? cause, value)),
      ...(main.open.length > 0 ? [figure('Realised', main.realised), figure('Open', open)] : []),
    );
    const own = history.filter(({ account, currency }) => account === main.account && currency === main.currency);
    const signature = `${own.length} ${main.atUs}`;
    if (signature === this.drawn || own.length < 2) return;
    this.drawn = signature;
    this.draw(own);
    const label = total === null ? 'unknown, because nobody knows what stands open is worth' : `${money(total, true)} ${main.currency}`;
    this.parent.setAttribute('aria-label', `Net profit after costs, now ${label}`);
  }

  private draw(history: readonly Profit[]): void {
    const last = { time: 0 };
    // The chart wants growing times; two samples of one moment are a microsecond apart.
    const times = history.map(({ atUs }) => (last.time = Math.max(atUs / 1e6, last.time + 1e-6)));
    const causes = Object.keys(history.at(-1)!.causes) as ProfitCause[];
    const lines = causes.map((cause) => history.map((one) => Number(one.causes[cause])));
    // A gap where it was not known.
    const data: uPlot.AlignedData = [times, history.map(({ total }) => (total === null ? null : Number(total))), ...lines];
    if (this.chart && this.chart.series.length !== data.length) this.restyle();
    if (this.chart) this.chart.setData(data);
    else this.chart = new uPlot(this.options(causes), data, this.parent);
  }

  private options(causes: readonly string[]): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    return {
      width: this.parent.clientWidth,
      height: HEIGHT,
      legend: { show: true, live: false },
      cursor: { show: false },
      axes: [
        {
          ...axis, space: 60, filter: withinRange, grid: { ...axis.grid, filter: withinRange },
          values: (_, splits) => splits.map((seconds) => (seconds === null ? '' : timeOf(seconds * 1e6))),
        },
        { ...axis, size: 48, values: (_, splits) => splits.map((value) => String(value)) },
      ],
      series: [
        {},
        { label: 'Net', stroke: colour('--accent'), width: 2, fill: colour('--accent-faint'), points: { show: false } },
        ...causes.map((cause) => ({
          label: NAMES[cause] ?? cause, stroke: colour(TONES[cause] ?? '--dim'), width: 1, dash: [4, 3], points: { show: false },
        })),
      ],
    };
  }
}

/** The chart gives the first tick of a coarse grid even where it lies beyond the last sample: it would be cut at the edge. */
const withinRange: uPlot.Axis.Filter = (chart, splits) => splits.map((at) => (at <= (chart.scales.x.max ?? Infinity) ? at : null));

function figure(name: string, value: string | null, strong = false): HTMLElement {
  const tone = value === null ? 'warn' : Number(value) > 0 ? 'gain' : Number(value) < 0 ? 'loss' : '';
  return make('div', strong ? 'strong' : '', make('dt', '', name), make('dd', tone, value === null ? 'unknown' : money(value, true)));
}
