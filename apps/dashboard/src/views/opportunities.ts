import { serverUs } from '../clock.js';
import { averageText } from '../decimals.js';
import { make, setClass, setText, type Row } from '../dom.js';
import type { ListStanding, Opportunity } from '../entities.js';
import { age, grouped, money, short, timeOf } from '../format.js';
import { Panel } from './panel.js';

const SHOWN = 12;
const COSTS = [
  ['fees', 'Fees'], ['slippage', 'Slippage'], ['wayOut', 'Way out'], ['funding', 'Funding'], ['inventory', 'Inventory'],
] as const;
const REASONS: Record<string, string> = {
  'edge-gone': 'edge gone',
  'quote-untrusted': 'a quote lost trust',
  'quote-too-old': 'a quote grew too old',
  'depth-gone': 'depth gone',
  'instrument-halted': 'instrument halted',
  shutdown: 'shutdown',
  'finder-gone': 'its arbitrage is gone',
};

const PASSED: Record<string, string> = {
  'kind-not-traded': 'not taken: no strategy holds a basis',
  'pair-busy': 'not taken: a plan of this pair is under way',
  'pair-resting': 'not taken: the pair rests after its last plan',
  'side-busy': 'not taken: another plan takes the same side of one of its books',
  'edge-below-minimum': 'not taken: its edge is below the minimum at this moment',
};

/** Opportunities as entities with a life: open ones first, each with its receipt. */
export class OpportunitiesView {
  private readonly panel = new Panel<Opportunity>('opportunities', ({ id }) => id, row, 'None has been seen yet: nothing was worth its costs.');

  constructor(private readonly note: HTMLElement) {}

  show(all: readonly Opportunity[], standing: ListStanding): void {
    // What its arbitrage said is what was, where nobody hears it say so now.
    const heard = standing.known ? all : all.map((found) => (found.state === 'closed' ? found : { ...found, known: false }));
    const open = heard.filter(({ state }) => state !== 'closed').toReversed();
    const closed = all.filter(({ state }) => state === 'closed').toReversed();
    const doubted = open.filter(({ known }) => !known).length;
    const counts = [`${open.length - doubted} open`, ...(doubted > 0 ? [`${doubted} that may be over`] : []), `${closed.length} closed lately`];
    setText(this.note, standing.known ? counts.join(', ') : 'unknown');
    this.panel.show([...open, ...closed].slice(0, SHOWN), standing);
  }
}

function row(first: Opportunity): Row<Opportunity> {
  const state = make('span', 'tag');
  const legs = make('span', 'grow legs');
  const net = make('span', 'number');
  const bps = make('span', 'number dim');
  const life = make('span', 'number dim life');
  const decision = make('span', 'decision');
  const summary = make('summary', '', state, make('strong', 'base', first.base), legs, net, bps, life, decision);
  const receipt = make('dl', 'receipt');
  const element = make('li', '', make('details', '', summary, receipt));
  element.dataset.opportunity = first.id;
  return {
    element,
    update: (found) => {
      const closed = found.state === 'closed';
      setClass(element, closed ? 'closed' : 'open');
      setClass(state, `tag ${closed ? 'quiet' : found.known ? 'good' : 'warn'}`);
      setText(state, closed ? 'closed' : found.known ? 'open' : 'was open');
      element.title = closed || found.known ? '' : 'open when it was last told of; the arbitrage that found it is not heard';
      setText(legs, found.legs.map(({ side, venue, symbol }) => `${side} ${venue}${symbol.includes(':') ? ' perpetual' : ''}`).join(' → '));
      setText(decision, decisionText(found));
      setClass(decision, `decision ${found.decision?.kind === 'approved' ? 'good' : 'dim'}`);
      const { netEdge, netEdgeBps, currency } = found.receipt;
      setText(net, `${money(netEdge, true)} ${currency}`);
      setClass(net, `number ${Number(netEdge) > 0 ? 'gain' : 'loss'}`);
      setText(bps, `${Number(netEdgeBps).toFixed(1)} bps`);
      const until = closed || !found.known ? found.atUs : serverUs();
      setText(life, closed ? `${REASONS[found.closeReason ?? ''] ?? 'closed'}, ${age(until - found.openedAtUs)}` : age(until - found.openedAtUs));
      receipt.replaceChildren(...receiptOf(found));
    },
  };
}

/** What became of it, in a sentence; empty until a strategy has spoken. */
function decisionText({ decision }: Opportunity): string {
  if (decision === null) return '';
  const { kind, reasons } = decision;
  if (kind === 'passed') return reasons.map((reason) => PASSED[reason] ?? reason).join(', ');
  if (kind === 'refused') return `refused by risk: ${reasons.join(', ')}`;
  return kind === 'approved' ? 'taken' : 'asked of risk';
}

function line(name: string, value: string, className = '', title = ''): HTMLElement {
  const element = make('div', className, make('dt', '', name), make('dd', '', value));
  element.title = title;
  return element;
}

function receiptOf({ kind, receipt, legs, openedAtUs, confidence, riskScore, updates }: Opportunity): HTMLElement[] {
  return [
    line('Kind', kind),
    line('Opened', `${timeOf(openedAtUs)}, ${updates} updates`),
    ...legs.map(({ side, venue, symbol, size, averagePrice, ageUs }) =>
      line(`${side} at ${venue}`, `${short(size, 6)} ${symbol} at ${grouped(averageText(averagePrice))}, quote ${age(ageUs)} old`, 'leg', `average price, exactly ${averagePrice}`),
    ),
    line('Value', `${money(receipt.notional)} ${receipt.currency}`),
    line('Gross edge', money(receipt.grossEdge, true)),
    ...COSTS.filter(([name]) => Number(receipt[name]) !== 0).map(([name, label]) => line(label, money(String(-Number(receipt[name])), true))),
    line('Net edge', money(receipt.netEdge, true), 'total'),
    line('Confidence', `${Math.round(confidence * 100)} %, risk ${Math.round(riskScore * 100)} %`),
  ];
}
