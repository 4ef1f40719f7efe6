import './language.js';
import { Connection, type ConnectionState } from './connection.js';
import { byId, KeyedRows, setText } from './dom.js';
import { age, timeOf } from './format.js';
import { trustIsTold } from './heard.js';
import { Store } from './store.js';
import { after, browserUs } from './system-time.js';
import { themeSwitch } from './theme.js';
import { BookView } from './views/book.js';
import { DeadLettersView } from './views/dead-letters.js';
import { FiguresView, verdictsText } from './views/figures.js';
import { HaltView } from './views/halt.js';
import { logRow, serviceRow, venueRow, type LogEntry } from './views/health.js';
import { OpportunitiesView } from './views/opportunities.js';
import { ProfitView } from './views/profit.js';
import { QuotesView } from './views/quotes.js';
import { fillRow, limitRow, orderRow, regimeLines, regimeRow, verdictRow } from './views/trading.js';

const RENDER_MS = 250;
const ROWS = 8;
const REGIMES_SHOWN = 12;

const store = new Store();
const book = new BookView(byId('book'), byId('book-of'));
const quotes = new QuotesView(byId('quotes'), byId('filter', HTMLInputElement), (quote) => book.open(quote));
const figures = new FiguresView(byId('figures'));
const opportunities = new OpportunitiesView(byId('opportunities'), byId('opportunities-note'));
const profit = new ProfitView(byId('profit-figures'), byId('profit-open'), byId('profit-chart'), byId('profit-note'));
const halt = new HaltView();
const orders = new KeyedRows(byId('orders'), ({ id }) => id, orderRow, 'No orders yet.');
const fills = new KeyedRows(byId('fills'), ({ id }) => id, fillRow, 'No fills yet.');
const verdicts = new KeyedRows(byId('verdicts'), ({ id }) => id, verdictRow, 'Risk has judged nothing yet.');
const limits = new KeyedRows(byId('limits'), ({ account, name }) => `${account} ${name}`, limitRow);
const regimes = new KeyedRows(byId('regimes'), ({ venue, symbol, horizon }) => `${venue}:${symbol}:${horizon}`, regimeRow, 'No regime has been judged yet.');
const venues = new KeyedRows(byId('venues'), ({ venue }) => venue, venueRow, 'No venue has been heard of.');
const services = new KeyedRows(byId('services'), ({ service, instance }) => `${service}:${instance}`, serviceRow, 'No service has been heard of.');
const log = new KeyedRows<LogEntry>(byId('log'), ({ key }) => key, logRow, 'Nothing to report.');
const deadLetters = new DeadLettersView(byId('dead-letters'), byId('dead-letters-note'));

themeSwitch(() => {
  profit.restyle();
  store.changed = true;
});

const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const connection = new Connection(`${scheme}://${location.host}/api/v1/stream`, (message) => store.apply(message));

const WORDS: Record<ConnectionState, readonly [string, string]> = {
  connecting: ['Connecting', 'warn'],
  live: ['Live', 'good'],
  stale: ['Stale', 'bad'],
  disconnected: ['Disconnected', 'bad'],
};

function showConnection(): void {
  const { state, lastHeardAtUs } = connection;
  const [word, tone] = WORDS[state];
  const pill = byId('connection');
  setText(pill, word);
  pill.className = `pill ${tone}`;
  document.documentElement.dataset.connection = state;
  const notice = byId('notice');
  const lost = state === 'stale' || state === 'disconnected';
  notice.hidden = !lost;
  if (!lost) return;
  const silence = age(browserUs() - lastHeardAtUs);
  const trying = state === 'disconnected' ? 'Trying to connect again.' : 'The connection is open, but nothing arrives.';
  setText(notice, `What you see is from ${timeOf(lastHeardAtUs)}, ${silence} ago. ${trying}`);
}

function logEntries(): LogEntry[] {
  const alerts = store.all('alert').map((alert): LogEntry => ({ key: `alert ${alert.id}`, atUs: alert.atUs, alert }));
  const audit = store.all('audit').map((entry): LogEntry => ({ key: `audit ${entry.id}`, atUs: entry.atUs, audit: entry }));
  return [...alerts, ...audit].toSorted((a, b) => b.atUs - a.atUs).slice(0, ROWS);
}

function render(): void {
  showConnection();
  figures.show(store);
  quotes.show(store.all('quote'), trustIsTold(store));
  opportunities.show(store.all('opportunity'));
  profit.show(store.all('profit'), store.profitHistory);
  orders.show(store.newest('order', ROWS));
  fills.show(store.newest('fill', ROWS));
  verdicts.show(store.newest('verdict', ROWS));
  setText(byId('verdicts-note'), `last minute: ${verdictsText(store)}`);
  const allRegimes = regimeLines(store.all('regime'), store.all('quote'));
  regimes.show(allRegimes.slice(0, REGIMES_SHOWN));
  const more = allRegimes.length - REGIMES_SHOWN;
  setText(byId('regimes-note'), `one minute; known from half a minute of quotes on${more > 0 ? `; ${more} more` : ''}`);
  venues.show(store.all('venue').toSorted((a, b) => a.venue.localeCompare(b.venue)));
  services.show(store.all('service').toSorted((a, b) => a.service.localeCompare(b.service)));
  log.show(logEntries());
  if (store.sequence > 0) deadLetters.show(store.all('venue'));
  limits.show(store.all('limitDifference'));
  if (store.sequence > 0) halt.show(store.all('halt'));
}

function round(): void {
  if (!document.hidden) render();
  after(RENDER_MS, round);
}
document.addEventListener('visibilitychange', () => !document.hidden && render());
round();
