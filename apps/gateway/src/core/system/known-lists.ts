import type { SystemView } from '../views.js';
import type { Standing } from './standing.js';

export type ListName = keyof SystemView['lists'];

/** Whether a list shows what there is; else why not, and since when where that is told. */
export interface ListStanding {
  readonly known: boolean;
  readonly why: string;
  readonly sinceUs: number | null;
}

/** Whose words lists rest on. */
export interface ListFacts {
  readonly bus: SystemView['bus'];
  readonly historyRead: boolean;
  readonly standings: Readonly<Record<'monitoring' | 'arbitrage' | 'normalisation' | 'execution', Standing>>;
  readonly riskAlive: { readonly atUs: number | null; readonly isFresh: boolean };
  /** Whether the instance of execution that holds positions has told them, and still speaks. */
  readonly positionsTold: boolean;
}

const KNOWN: ListStanding = { known: true, why: '', sinceUs: null };

/** An empty list says that there is nothing only where who would tell of something is heard. */
export function listsOf(facts: ListFacts): Readonly<Record<ListName, ListStanding>> {
  const { standings, riskAlive, positionsTold } = facts;
  const everything = ofBus(facts);
  const past = everything ?? (facts.historyRead ? null : unknown('not all of the history has been read', null));
  const by = ({ is, why, sinceUs }: Standing): ListStanding | null => (is === 'acts' ? null : unknown(why, sinceUs));
  return {
    alerts: everything ?? by(standings.monitoring) ?? KNOWN,
    halts: everything ?? (riskAlive.isFresh ? KNOWN : unknown('risk gives no sign of life', riskAlive.atUs)),
    positions: everything ?? (positionsTold ? KNOWN : (by(standings.execution) ?? unknown('execution has not told its positions yet', null))),
    orders: past ?? KNOWN,
    opportunities: past ?? by(standings.arbitrage) ?? KNOWN,
    deadLetters: past ?? by(standings.normalisation) ?? KNOWN,
    audit: past ?? KNOWN,
  };
}

function ofBus({ bus }: ListFacts): ListStanding | null {
  if (bus.state === 'connected') return null;
  return unknown(bus.state === 'gone' ? 'the gateway is cut off from the bus' : 'nothing is heard on the bus', bus.sinceUs);
}

const unknown = (why: string, sinceUs: number | null): ListStanding => ({ known: false, why, sinceUs });
