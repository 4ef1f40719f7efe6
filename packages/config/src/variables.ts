import type { ServiceName } from '@parallax/types';
import { paperFaults } from './paper-faults.js';
import { address, choice, decimal, fees, headerLines, integer, list, text, type Kind } from './kinds.js';

/** One variable: what it may be, what it is when unset, what it means, and who reads it. */
export interface Variable<Value = unknown> {
  readonly kind: Kind<Value>;
  /** Text that is read like a given one; without it an unset variable is `undefined`. */
  readonly standard?: string;
  readonly meaning: string;
  /** May come from the file that `<NAME>_FILE` names, and is never shown. */
  readonly secret: boolean;
  readonly readBy: readonly Reader[];
}
export type Reader = ServiceName | 'all' | 'tests';

interface Required<Value> extends Variable<Value> {
  readonly standard: string;
}
type Facts = { readonly meaning: string; readonly readBy: readonly Reader[] };

const withStandard = <Value>(kind: Kind<Value>, standard: string, facts: Facts): Required<Value> => ({ kind, standard, secret: false, ...facts });
const optional = <Value>(kind: Kind<Value>, facts: Facts): Variable<Value> => ({ kind, secret: false, ...facts });
const secret = (facts: Facts, kind: Kind<string> = text): Variable<string> => ({ kind, secret: true, ...facts });

const MONEY = decimal(0, Infinity);
const password = (user: string): Variable<string> =>
  secret({ meaning: `Password of the NATS user \`${user}\`; needed where the server has users`, readBy: [user as Reader] });

/** Every variable of Parallax. docs/environment.md is made from this table. */
export const VARIABLES = {
  PORT: withStandard(integer(0, 65_535), '8080', { meaning: 'Port of the public page and API; 0 takes a free one', readBy: ['gateway'] }),
  PARALLAX_HOST: withStandard(text, '127.0.0.1', {
    meaning: 'Address to listen on; beyond loopback only with an API key. Not `HOST`, which some shells set to the machine’s name',
    readBy: ['gateway'],
  }),
  PARALLAX_ALLOWED_HOSTS: withStandard(list('host names, with a port where it is not the usual one', /^[\w.[\]:-]+$/), '', {
    meaning: 'Names besides loopback’s by which browsers may call the gateway',
    readBy: ['gateway'],
  }),
  PARALLAX_API_KEY: secret({
    meaning: 'Keys, one a line: with any set, all but the probes and the page’s own files needs one. Commands that ask a gateway send the first',
    readBy: ['gateway'],
  }, headerLines),
  PARALLAX_LOOPBACK_WITHOUT_KEY: withStandard(choice('unless-locked', 'allowed'), 'unless-locked', {
    meaning: 'Whether a start on loopback without any API key lets in who has this start’s token: not where keys lay in the bucket `api-keys` and were deleted, '
      + 'unless it says `allowed`',
    readBy: ['gateway'],
  }),
  PARALLAX_MARKET: withStandard(choice('simulated', 'live'), 'simulated', {
    meaning: 'Where market data comes from: local simulated venues, or the venues’ public endpoints',
    readBy: ['all'],
  }),
  PARALLAX_SIMULATOR_URL: withStandard(address(['http']), 'http://127.0.0.1:9100', {
    meaning: 'The simulator whose venues ingestion connects to, below `/<venue>`, when it runs by itself in a simulated market',
    readBy: ['ingestion'],
  }),
  PARALLAX_ACCOUNT: withStandard({ ...text, read: (raw) => (/^[\w-]{1,64}$/.test(raw) ? raw : undefined), description: 'letters, digits, `_`, `-`' }, 'paper', {
    meaning: 'Account that intents, orders and limits belong to',
    readBy: ['arbitrage', 'risk', 'execution'],
  }),
  SERVICE_PORT: withStandard(integer(0, 65_535), '0', {
    meaning: 'Port of /healthz, /readyz and /metrics of a process: of one service, or with `npm start` of all of them; 0 takes a free one, which is told',
    readBy: ['all'],
  }),
  SERVICE_HOST: withStandard(text, '127.0.0.1', {
    meaning: 'Address that `SERVICE_PORT` listens on. What it answers changes nothing and names no account: in a container 0.0.0.0 lets probes in',
    readBy: ['all'],
  }),
  STOP_WITHIN_MS: withStandard(integer(100, 600_000), '4500', {
    meaning: 'How long ending in order may take, in milliseconds; then the process goes anyway, says so and exits with 1. Whoever kills it must wait longer',
    readBy: ['all'],
  }),
  PARALLAX_INSTANCE: optional(text, { meaning: 'Name of this instance among replicas; default: made up at start', readBy: ['all'] }),
  PARALLAX_STATE: withStandard(text, '.parallax/state', { meaning: 'Folder of the embedded store and journals', readBy: ['all'] }),
  PARALLAX_DATA: withStandard(text, '../shared/data', { meaning: 'Folder of recordings, for tests and benches; relative to the project', readBy: ['tests'] }),
  NATS_URL: optional(address(['nats', 'tls'], true), { meaning: 'The bus of services that run by themselves, and of commands; `parallax start` joins it with `--bus nats` alone', readBy: ['all'] }),
  NATS_INGESTION_PASSWORD: password('ingestion'),
  NATS_NORMALISATION_PASSWORD: password('normalisation'),
  NATS_REGIME_PASSWORD: password('regime'),
  NATS_ARBITRAGE_PASSWORD: password('arbitrage'),
  NATS_RISK_PASSWORD: password('risk'),
  NATS_EXECUTION_PASSWORD: password('execution'),
  NATS_PAPER_PASSWORD: password('paper'),
  NATS_MONITORING_PASSWORD: password('monitoring'),
  NATS_GATEWAY_PASSWORD: password('gateway'),
  NATS_PROVISIONER_PASSWORD: secret({ meaning: 'Password of the NATS user `provisioner`, which makes streams, consumers and buckets', readBy: ['all'] }),
  REDIS_URL: secret({
    meaning: 'Redis (7.0 or newer) where services keep the last quotes and regimes, `redis://…` or `rediss://…` with user, password and ' +
      'database where there are any: who starts knows the market at once, marked as remembered. Each system needs a database of its own. ' +
      'Unset: last values are kept in the process only',
    readBy: ['normalisation', 'regime', 'risk', 'gateway'],
  }, address(['redis', 'rediss'])),
  QUESTDB_URL: optional(address(['http', 'https']), { meaning: 'History; reserved, nothing reads it yet', readBy: ['recorder'] }),
  VENUES: withStandard(list('venue ids', /^[a-z0-9]+$/), 'binance,binanceusdm,okx,kraken,coinbase', {
    meaning: 'Venues to watch and to trade at', readBy: ['ingestion', 'arbitrage', 'risk', 'execution', 'paper'],
  }),
  SYMBOLS: withStandard(list('unified symbols such as `BTC/USDT`', /^[^\s/:]+\/[^\s/:]+(:[^\s/:]+)?$/u), '', {
    meaning: 'Symbols to watch at each venue that lists them; one that none of the venues lists ends the start, where all listings can be read then. Empty: the built-in choice',
    readBy: ['ingestion'],
  }),
  FEES: optional(fees, { meaning: 'Fee rates of makers and takers; unset: the venues’ own lowest tiers', readBy: ['arbitrage', 'risk', 'execution', 'paper'] }),
  MIN_EDGE_BPS: withStandard(decimal(0, 10_000), '20', { meaning: 'Smallest net edge worth taking, in basis points', readBy: ['arbitrage', 'risk'] }),
  BASIS_HOLDING_HOURS: withStandard(decimal(0, 8_760), '24', {
    meaning: 'How long a spot and perpetual pair is expected to be held; 0 leaves out funding and the cost of money and coins',
    readBy: ['arbitrage'],
  }),
  BASIS_FUNDING_RATE: withStandard(decimal(-1, 1), '0.0001', {
    meaning: 'Funding expected per interval, as a share: longs pay it to shorts; negative: shorts pay',
    readBy: ['arbitrage'],
  }),
  BASIS_FUNDING_HOURS: withStandard(integer(1, 168), '8', { meaning: 'Hours of one funding interval', readBy: ['arbitrage'] }),
  BASIS_FUNDING_CREDIT: withStandard(choice('no', 'yes'), 'no', {
    meaning: 'Whether funding that would be received counts as profit; else only what would be paid counts',
    readBy: ['arbitrage'],
  }),
  BASIS_CAPITAL_RATE: withStandard(decimal(0, 10), '0.05', {
    meaning: 'Yearly price of the money that both legs of a basis bind, as a share',
    readBy: ['arbitrage'],
  }),
  BASIS_BORROW_RATE: withStandard(decimal(0, 10), '0.1', {
    meaning: 'Yearly price of the coins that a sold spot leg of a basis takes from what is owned, as a share',
    readBy: ['arbitrage'],
  }),
  QUOTE_MAX_AGE_MS: withStandard(integer(1, 600_000), '2000', { meaning: 'Oldest quote that a decision may rest on, in milliseconds', readBy: ['arbitrage', 'risk', 'execution'] }),
  REGIME_MAX_AGE_MS: withStandard(integer(1, 600_000), '10000', {
    meaning: 'How long ago the regime of a market may last have been told to stand (it is told each second while it is known), in ' +
      'milliseconds; older, and until the first word half a minute after the start, nothing that adds exposure is approved',
    readBy: ['risk'],
  }),
  EXIT_PATIENCE_MS: withStandard(integer(0, 300_000), '60000', {
    meaning: 'How long a leg that stands alone waits for a way out within its cost limit, in milliseconds; then it is held, which is a ' +
      'critical alert. A price that left the limit mostly comes back within seconds or not at all. 0: each exit is tried once',
    readBy: ['arbitrage', 'execution'],
  }),
  EXIT_LOSS_LIMIT: withStandard(decimal(0, 1_000), '3', {
    meaning: 'Loss at the market, as a multiple of what its exits may cost, at which a leg that stands alone waits no longer. With less, a ' +
      'move that is about to turn would end the wait; with more, waiting would cost a multiple of a way out',
    readBy: ['execution'],
  }),
  CAPITAL: withStandard(MONEY, '500000', { meaning: 'Capital of the account in its currency', readBy: ['risk'] }),
  MAX_ORDER_NOTIONAL: withStandard(MONEY, '10000', { meaning: 'Largest value of one order', readBy: ['arbitrage', 'risk'] }),
  MAX_POSITION_NOTIONAL: withStandard(MONEY, '100000', { meaning: 'Largest value of the position in one instrument', readBy: ['risk'] }),
  MAX_VENUE_EXPOSURE: withStandard(decimal(0, 1), '0.3', { meaning: 'Largest share of capital at one venue', readBy: ['risk'] }),
  MAX_HOURLY_LOSS: withStandard(MONEY, '2500', { meaning: 'Loss of the last hour at which new exposure stops', readBy: ['risk'] }),
  MAX_DAILY_LOSS: withStandard(MONEY, '10000', { meaning: 'Loss of the day at which new exposure stops', readBy: ['risk'] }),
  PAPER_FAULTS: optional(paperFaults, {
    meaning: 'Faults that paper venues pretend, seeded, to see what is done about them: refused orders, immediate ones that miss the market in ' +
      'part or whole, slow ways. Unset: none',
    readBy: ['paper'],
  }),
  PAPER_LOST_JOURNALS: withStandard(list('ids of journals', /^[0-9a-f]{16}$/), '', {
    meaning: 'Journals of paper venues that are lost for good, by the ids with which a paper venue refuses to do without them; orders in ' +
      'flight that only they knew may then be sent again',
    readBy: ['paper'],
  }),
  LOG_LEVEL: withStandard(choice('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'info', { meaning: 'Least severe log line that is written', readBy: ['all'] }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(address(['http', 'https']), { meaning: 'Collector that takes traces by OTLP/HTTP; unset: they are kept below `PARALLAX_STATE`', readBy: ['all'] }),
  PARALLAX_TRACE_QUERY_URL: optional(address(['http', 'https']), {
    meaning: 'Jaeger’s query API, where `parallax trace` reads spans; unset: from the local store in `PARALLAX_STATE`',
    readBy: ['all'],
  }),
} as const;

export type VariableName = keyof typeof VARIABLES;

/** Type of a variable's value; those without a standard may be `undefined`. */
export type ValueOf<Name extends VariableName> = (typeof VARIABLES)[Name] extends Required<infer Value>
  ? Value
  : (typeof VARIABLES)[Name] extends Variable<infer Value>
    ? Value | undefined
    : never;
