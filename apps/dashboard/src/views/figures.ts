import { serverUs } from '../clock.js';
import { make, setClass, setText } from '../dom.js';
import type { ListName, ListStanding } from '../entities.js';
import { money } from '../format.js';
import { isSilent, trustIsTold } from '../heard.js';
import type { Store } from '../store.js';
import { standingOf } from './open-lots.js';

/** Lists go back so many entries and no further: what is counted of them is a minute's. */
const KEPT = 200;
const COUNTED_US = 60_000_000;

/** `approved` and `refused` of the last minute, in words. */
export function verdictsText(store: Store): string {
  const verdicts = lately(store.all('verdict'));
  const refused = verdicts.filter(({ kind }) => kind === 'refused').length;
  return `${verdicts.length - refused} approved, ${refused} refused`;
}

const lately = <T extends { readonly atUs: number }>(values: readonly T[]): T[] => values.filter(({ atUs }) => serverUs() - atUs < COUNTED_US);

/** The handful of numbers that say how things stand. */
export class FiguresView {
  private readonly cells = new Map<string, { value: HTMLElement; note: HTMLElement }>();

  constructor(parent: HTMLElement) {
    for (const name of ['Books trusted', 'Open opportunities', 'Fills, last minute', 'Net profit', 'Services ready']) {
      const value = make('strong');
      const note = make('span', 'note');
      parent.append(make('li', '', make('span', 'label', name), value, note));
      this.cells.set(name, { value, note });
    }
  }

  /** `isHeld`: what is shown comes all the way from the services. */
  show(store: Store, isHeld: boolean, standingOfList: (list: ListName) => ListStanding): void {
    const quotes = store.all('quote');
    const told = isHeld && trustIsTold(store);
    const trusted = told ? quotes.filter(({ trust }) => trust === 'synced').length : 0;
    const venues = new Set(quotes.map(({ venue }) => venue)).size;
    this.set('Books trusted', `${trusted} of ${quotes.length}`, told ? `${venues} venues` : isHeld ? 'normalisation is not heard' : 'unknown: nobody is heard', trusted < quotes.length ? 'warn' : '');
    const opportunities = standingOfList('opportunities');
    const open = store.all('opportunity').filter(({ state, known }) => state !== 'closed' && known);
    const edge = open.reduce((sum, { receipt }) => sum + Number(receipt.netEdge), 0);
    const expected = open.length > 0 ? `${money(String(edge), true)} expected` : 'none worth its costs';
    if (opportunities.known) this.set('Open opportunities', String(open.length), expected, '');
    else this.unknown('Open opportunities', opportunities);
    const orders = standingOfList('orders');
    const fills = lately(store.all('fill')).length;
    if (orders.known) this.set('Fills, last minute', fills < KEPT ? String(fills) : `over ${KEPT}`, verdictsText(store), '');
    else this.unknown('Fills, last minute', orders);
    const [profit] = store.all('profit');
    const positions = standingOfList('positions');
    if (profit) {
      const { total, amount, of } = standingOf(profit);
      this.set('Net profit', money(amount, true), `${profit.currency} ${of}${positions.known ? '' : ', as told last'}`, total === null ? 'warn' : Number(total) < 0 ? 'loss' : 'gain');
    } else if (positions.known) this.set('Net profit', '–', 'no plan has traded yet', '');
    else this.unknown('Net profit', positions);
    if (isHeld) this.services(store);
    else this.set('Services ready', '–', 'unknown: nobody is heard', 'warn');
  }

  private services(store: Store): void {
    const all = store.all('service');
    const services = all.filter((one) => !one.standsBy || !all.some((other) => other.service === one.service && !other.standsBy));
    const silent = services.filter(isSilent).map(({ service }) => service);
    const waiting = services.filter((one) => !one.ready && !isSilent(one)).map(({ service }) => service);
    const missing = store.system?.missingServices ?? [];
    const ready = services.length - silent.length - waiting.length;
    const troubles = [missing.length > 0 ? `not heard of: ${missing.join(', ')}` : '', silent.length > 0 ? `silent: ${silent.join(', ')}` : '', waiting.length > 0 ? `waiting: ${waiting.join(', ')}` : ''].filter(Boolean);
    this.set('Services ready', `${ready} of ${services.length + missing.length}`, troubles.join('; ') || (services.length > 0 ? 'all of them' : 'none heard'), troubles.length > 0 ? 'warn' : '');
  }

  private unknown(name: string, { why }: ListStanding): void {
    this.set(name, '–', `unknown: ${why}`, 'warn');
  }

  private set(name: string, value: string, note: string, tone: string): void {
    const cell = this.cells.get(name)!;
    setText(cell.value, value);
    setClass(cell.value, tone);
    setText(cell.note, note);
  }
}
