import './language.js';
import * as api from './api.js';
import { serverUs } from './clock.js';
import { Connection } from './connection.js';
import { byId, KeyedRows, setText } from './dom.js';
import type { Alert, ListName, ListStanding, Verdict } from './entities.js';
import { momentOf } from './format.js';
import { trustIsTold } from './heard.js';
import { openPositions } from './open-position.js';
import { isHeld, listStanding, type Line } from './standing.js';
import { Store } from './store.js';
import { after } from './system-time.js';
import { themeSwitch } from './theme.js';
import { alertLists, auditRow, pastRow, standingRow } from './views/alerts.js';
import { BookView } from './views/book.js';
import { DeadLettersView } from './views/dead-letters.js';
import { FiguresView, verdictsText } from './views/figures.js';
import { HaltForm } from './views/halt.js';
import { serviceRow, venueRow } from './views/health.js';
import { KeyForm } from './views/key-form.js';
import { openLegs, openLine, type OpenLine } from './views/open-lots.js';
import { OpportunitiesView } from './views/opportunities.js';
import { Panel } from './views/panel.js';
import { positionKey, positionLine, positionRow, unevenPlans, type PositionLine } from './views/positions.js';
import { ProfitView } from './views/profit.js';
import { QuotesView } from './views/quotes.js';
import { StateView } from './views/state.js';
import { fillRow, limitRow, orderRow, regimeLines, regimeRow, verdictRow } from './views/trading.js';
import type { AuditEntry, Fill, Order } from '@parallax/types';

const RENDER_MS = 250;
const ROWS = 8;
const REGIMES_SHOWN = 12;
const idOf = ({ id }: { readonly id: string }): string => id;

const store = new Store();
const book = new BookView(byId('book'), byId('book-of'));
const quotes = new QuotesView(byId('quotes'), byId('filter', HTMLInputElement), (quote) => book.open(quote));
const figures = new FiguresView(byId('figures'));
const opportunities = new OpportunitiesView(byId('opportunities-note'));
const profit = new ProfitView(byId('profit-figures'), byId('profit-open'), byId('profit-chart'), byId('profit-note'));
const halt = new HaltForm();
const state = new StateView(() => halt.open('resume'));
const alerts = new Panel<Alert>('alerts', idOf, standingRow, 'Nothing stands wrong, says monitoring.');
const pastAlerts = new Panel<Alert>('past-alerts', idOf, pastRow, '');
const audit = new Panel<AuditEntry>('audit', idOf, auditRow, 'Nobody has halted, resumed or changed anything.');
const positions = new Panel<PositionLine>('positions', positionKey, positionRow, 'Nothing is held.');
const legs = new Panel<OpenLine>('open-legs', ({ key }) => key, openLine, 'No leg stands alone.');
const orders = new Panel<Order>('orders', idOf, orderRow, 'No orders yet.');
const fills = new Panel<Fill>('fills', idOf, fillRow, 'No fills yet.');
const verdicts = new Panel<Verdict>('verdicts', idOf, verdictRow, 'Risk has judged nothing yet.');
const limits = new KeyedRows(byId('limits'), ({ account, name }) => `${account} ${name}`, limitRow);
const regimes = new KeyedRows(byId('regimes'), ({ venue, symbol, horizon }) => `${venue}:${symbol}:${horizon}`, regimeRow, 'No regime was told of yet.');
const venues = new KeyedRows(byId('venues'), ({ venue }) => venue, () => venueRow(held), 'No venue has been heard of.');
const services = new KeyedRows(byId('services'), ({ service, instance }) => `${service}:${instance}`, () => serviceRow(held), 'No service has been heard of.');
const deadLetters = new DeadLettersView(byId('dead-letters-note'));

themeSwitch(() => {
  profit.restyle();
  store.changed = true;
});

const keyForm = new KeyForm(() => void connection.open());
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const connection = new Connection({
  url: `${scheme}://${location.host}/api/v1/stream`,
  protocols: () => api.session.protocols(),
  isLetIn: api.isLetIn,
  onMessage: (message) => {
    keyForm.done();
    return store.apply(message);
  },
});

const standingOf = (list: ListName): ListStanding => listStanding(lineOf(), store.system, list);
/** Whether what is shown comes all the way from the services. */
function held(): boolean {
  return isHeld(lineOf(), store.system);
}
/** What others say of trust and regimes is said while it comes all the way to here. */
const isTold = (): boolean => held() && trustIsTold(store);
const lineOf = (): Line => ({ state: connection.state, heardAtUs: connection.lastHeardAtUs });

function showPositions(): void {
  const all = store.all('position');
  const open = openPositions(all);
  const told = isTold();
  const [instruments, quoted] = [store.map('instrument'), store.map('quote')];
  const lines = open.slice(0, ROWS).map((position) => positionLine(position, instruments, quoted, told, serverUs()));
  const standing = standingOf('positions');
  positions.show(lines, standing);
  const more = open.length > ROWS ? `, ${open.length - ROWS} of them not shown` : '';
  setText(byId('positions-note'), standing.known ? `${open.length} held${more}` : '');
}

function showAlerts(): void {
  const { standing, past } = alertLists(store.all('alert'));
  const told = standingOf('alerts');
  alerts.show(standing, told);
  setText(byId('alerts-note'), told.known ? `${standing.length} standing` : '');
  const since = store.system === undefined ? '' : ` since ${momentOf(store.system.watchedSinceUs)}, when the gateway began to listen`;
  pastAlerts.show(past.slice(0, ROWS), told, `None has ended${since}.`);
  audit.show(store.newest('audit', ROWS), standingOf('audit'));
  // A leg that stands alone is told by execution, a plan that ended so by monitoring: both must be heard.
  const positionsTold = standingOf('positions');
  legs.show([...openLegs(store.all('profit')), ...unevenPlans(store.all('service'), standing)], positionsTold.known ? told : positionsTold);
}

function render(): void {
  state.show(lineOf(), store.system, store.all('halt'));
  figures.show(store, held(), standingOf);
  quotes.show(store.all('quote'), isTold());
  opportunities.show(store.all('opportunity'), standingOf('opportunities'));
  profit.show(store.all('profit'), store.profitHistory, standingOf('positions').known);
  showPositions();
  showAlerts();
  const ordersTold = standingOf('orders');
  orders.show(store.newest('order', ROWS), ordersTold);
  fills.show(store.newest('fill', ROWS), ordersTold);
  verdicts.show(store.newest('verdict', ROWS), ordersTold);
  setText(byId('verdicts-note'), ordersTold.known ? `last minute: ${verdictsText(store)}` : '');
  const allRegimes = regimeLines(store.all('regime'), store.all('quote'), held());
  regimes.show(allRegimes.slice(0, REGIMES_SHOWN));
  const more = allRegimes.length - REGIMES_SHOWN;
  setText(byId('regimes-note'), `one minute; known from half a minute of quotes on${more > 0 ? `; ${more} more` : ''}`);
  venues.show(store.all('venue').toSorted((a, b) => a.venue.localeCompare(b.venue)));
  services.show(store.all('service').toSorted((a, b) => a.service.localeCompare(b.service)));
  limits.show(store.all('limitDifference'));
  if (store.sequence > 0) deadLetters.show(store.all('venue'), standingOf('deadLetters'));
}

function round(): void {
  if (!document.hidden) render();
  after(RENDER_MS, round);
}
document.addEventListener('visibilitychange', () => !document.hidden && render());
round();
