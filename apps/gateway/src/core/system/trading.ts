import type { HaltView, ReasonView, SystemView } from '../views.js';
import type { Standing } from './standing.js';

export type TradingState = SystemView['trading']['state'];

/** Services without which nothing is traded; the paper venue only where orders go there. */
export const NEEDED = ['risk', 'execution', 'paper', 'arbitrage', 'normalisation', 'ingestion'] as const;

/** What the right to say "trading" rests on. */
export interface TradingFacts {
  readonly bus: SystemView['bus'];
  readonly standings: Readonly<Record<(typeof NEEDED)[number], Standing>>;
  /** Whether orders are known to go elsewhere than to the paper venue. */
  readonly withoutPaper: boolean;
  /** Risk's last sign of life, and whether it is young enough for execution to go on. */
  readonly riskAlive: { readonly atUs: number | null; readonly isFresh: boolean };
  readonly halts: readonly HaltView[];
  /** Those whose limits stand. */
  readonly accounts: readonly string[];
  readonly trustedBooks: number;
  /** Trusted quotes that are young enough to be traded on. */
  readonly freshQuotes: number;
  readonly knownRegimes: number;
}

/** Since when, where the facts tell it. */
export type Reason = Omit<ReasonView, 'sinceUs'> & { readonly sinceUs: number | null };

/** Everything that speaks against "trading", whatever else does. None: it is known that trading may go on. */
export function reasonsAgainst(facts: TradingFacts): Reason[] {
  const { bus, standings, withoutPaper, trustedBooks, freshQuotes, knownRegimes } = facts;
  const reasons: Reason[] = [];
  if (bus.state === 'gone') reasons.push({ key: 'bus', kind: 'cut-off', text: 'the gateway is cut off from the bus', sinceUs: bus.sinceUs });
  if (bus.state === 'silent') reasons.push({ key: 'bus', kind: 'cut-off', text: 'nothing is heard on the bus', sinceUs: bus.sinceUs });
  reasons.push(...haltsOf(facts));
  for (const name of NEEDED) {
    const { is, why, sinceUs, parts = [] } = standings[name];
    for (const { key, summary } of parts) reasons.push({ key: `service.${name}.${key}`, kind: 'part', text: summary, sinceUs: null });
    if (is === 'acts' || (name === 'paper' && withoutPaper)) continue;
    reasons.push({ key: `service.${name}`, kind: is === 'cannot' ? 'cannot' : 'unheard', text: why, sinceUs });
  }
  const { atUs, isFresh } = facts.riskAlive;
  if (standings.risk.is === 'acts' && !isFresh) reasons.push({ key: 'risk-alive', kind: 'unheard', text: 'risk gives no sign of life', sinceUs: atUs });
  if (standings.normalisation.is === 'acts' && trustedBooks === 0) reasons.push({ key: 'books', kind: 'cannot', text: 'no book is trusted', sinceUs: null });
  else if (standings.normalisation.is === 'acts' && freshQuotes === 0) reasons.push({ key: 'quotes', kind: 'cannot', text: 'no trusted quote is fresh: risk and execution do nothing new on older ones', sinceUs: null });
  if (knownRegimes === 0) reasons.push({ key: 'regimes', kind: 'cannot', text: 'the regime of no market is known, so that risk allows nothing new', sinceUs: null });
  return reasons;
}

const ORDER: readonly (readonly [ReasonView['kind'], TradingState])[] = [
  // Cut off, the last word of all others may be wrong by now.
  ['cut-off', 'unknown'],
  ['halted', 'halted'],
  ['cannot', 'stopped'],
  ['unheard', 'unknown'],
  ['part', 'trading-in-part'],
];

/** The one state that the reasons make, and the kind of reason that decides it. */
export function stateOf(reasons: readonly Pick<Reason, 'kind'>[]): { state: TradingState; kind: ReasonView['kind'] | null } {
  for (const [kind, state] of ORDER) if (reasons.some((reason) => reason.kind === kind)) return { state, kind };
  return { state: 'trading', kind: null };
}

/** A halt of everything halts, and so do halts of all accounts together. */
function haltsOf({ halts, accounts }: TradingFacts): Reason[] {
  const standing = halts.filter(({ halted }) => halted);
  const halted = new Set(standing.map(({ account }) => account));
  const isAll = halted.has(null) || (accounts.length > 0 && accounts.every((account) => halted.has(account)));
  return standing.map(({ account, by, reason, atUs }) => ({
    key: `halt.${account ?? ''}`, kind: isAll ? 'halted' : 'part', sinceUs: atUs,
    text: `${account === null ? 'everything is halted' : `account ${account} is halted`} by ${by}: ${reason}`,
  }));
}
