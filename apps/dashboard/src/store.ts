import { FINAL_ORDER_STATES, type Profit } from '@parallax/types';
import { noteServerTime } from './clock.js';
import type { Entities, EntityName, StreamMessage, System } from './entities.js';

/** So many of what is over are kept, the newest; of what stands, all. */
const KEPT: Partial<Record<EntityName, number>> = { opportunity: 300, verdict: 200, order: 200, fill: 200, alert: 100, audit: 100 };
/** Whether it tells what is now, for lists that tell of both. */
const STANDS: { readonly [Name in EntityName]?: (value: Entities[Name]) => boolean } = {
  opportunity: ({ state }) => state !== 'closed',
  order: ({ state }) => !FINAL_ORDER_STATES.includes(state),
  alert: ({ resolved, lapsedAtUs }) => !resolved && lapsedAtUs === null,
};
/** Points of the profit of one account and currency, and the least time between two of them as long as they are few. */
const MOST_POINTS = 2_000;
const SAMPLE_US = 1_000_000;
const KEYS: { [Name in EntityName]: (value: Entities[Name]) => string } = {
  system: () => 'system',
  instrument: ({ venue, symbol }) => `${venue}:${symbol}`,
  quote: ({ venue, symbol }) => `${venue}:${symbol}`,
  regime: ({ venue, symbol, horizon }) => `${venue}:${symbol}:${horizon}`,
  opportunity: ({ id }) => id,
  verdict: ({ id }) => id,
  order: ({ id }) => id,
  fill: ({ id }) => id,
  position: ({ account, strategy, venue, symbol }) => [account, strategy, venue, symbol].join(' '),
  profit: ({ account, currency }) => `${account} ${currency}`,
  service: ({ service, instance }) => `${service}:${instance}`,
  venue: ({ venue }) => venue,
  alert: ({ id }) => id,
  halt: ({ account }) => (account === null ? 'halt' : `halt.${account}`),
  limits: () => 'limits',
  limitDifference: ({ account, name }) => `${account} ${name}`,
  audit: ({ id }) => id,
};

/** What the page knows: last values by entity, and whether a change went missing on the way. */
export class Store {
  private kept = {} as { [Name in EntityName]: Map<string, Entities[Name]> };
  profitHistory: Profit[] = [];
  private readonly sampleUs = new Map<string, number>();
  sequence = 0;
  /** Changes that the gateway left out because this page was slow. */
  skipped = 0;
  changed = true;

  constructor() {
    for (const name of Object.keys(KEYS) as EntityName[]) this.kept[name] = new Map();
  }

  /** False when a number is missing that nobody announced: then only a new snapshot helps. */
  apply(message: StreamMessage): boolean {
    if (message.type === 'snapshot') {
      noteServerTime(message.atUs);
      for (const name of Object.keys(KEYS) as EntityName[]) this.fill(name, message.data[name]);
      this.profitHistory = message.profitHistory.slice();
      this.sequence = message.sequence;
      this.announced = false;
    } else if (message.type === 'change') {
      if (!this.announced && message.sequence !== this.sequence + 1) return false;
      this.put(message.entity, message.key, message.value);
      this.sequence = message.sequence;
    } else if (message.type === 'conflated') {
      this.skipped += message.skipped;
      this.announced = true;
      return true;
    } else {
      noteServerTime(message.atUs);
      this.announced = false;
      return true;
    }
    this.changed = true;
    return true;
  }
  private announced = false;

  /** How the whole stands, once it was told. */
  get system(): System | undefined {
    return this.kept.system.get('system');
  }

  map<Name extends EntityName>(name: Name): ReadonlyMap<string, Entities[Name]> {
    return this.kept[name];
  }

  all<Name extends EntityName>(name: Name): Entities[Name][] {
    return [...this.kept[name].values()];
  }

  /** All that stand, and the newest of the others up to so many rows; the newest first, as the gateway first told of them. */
  newest<Name extends EntityName>(name: Name, count: number): Entities[Name][] {
    const stands: (value: Entities[Name]) => boolean = STANDS[name] ?? (() => false);
    const all = this.all(name).toReversed();
    let others = count - all.filter(stands).length;
    return all.filter((value) => stands(value) || others-- > 0);
  }

  private fill<Name extends EntityName>(name: Name, values: Entities[Name][]): void {
    // Lists with a past come newest first.
    const ordered = name in KEPT ? values.toReversed() : values;
    this.kept[name] = new Map(ordered.map((value) => [KEYS[name](value), value])) as never;
  }

  /**
   * Points of one account and currency lie so far apart at least; a newer one within that time takes the last one's place. Where they become many
   * every second one of them goes, and of no other account or currency.
   */
  private sample(profit: Profit): void {
    const key = KEYS.profit(profit);
    const isOwn = (one: Profit): boolean => KEYS.profit(one) === key;
    const everyUs = this.sampleUs.get(key) ?? SAMPLE_US;
    const at = this.profitHistory.findLastIndex(isOwn);
    const last = this.profitHistory[at];
    if (last && profit.atUs - last.atUs < everyUs) this.profitHistory[at] = { ...profit, atUs: last.atUs };
    else this.profitHistory.push(profit);
    if (this.profitHistory.filter(isOwn).length <= MOST_POINTS) return;
    // The chart goes back to its first point, in larger steps.
    this.sampleUs.set(key, 2 * everyUs);
    let number = 0;
    this.profitHistory = this.profitHistory.filter((one) => !isOwn(one) || number++ % 2 === 0);
  }

  private put<Name extends EntityName>(name: Name, key: string, value: Entities[Name] | null): void {
    const map = this.kept[name] as Map<string, Entities[Name]>;
    if (value === null) map.delete(key);
    else map.set(name === 'limits' ? 'limits' : key, value);
    if (name === 'profit' && value) this.sample(value as Profit);
    const most = KEPT[name];
    if (most !== undefined && map.size > most) this.dropPast(name, map, most);
  }

  private dropPast<Name extends EntityName>(name: Name, map: Map<string, Entities[Name]>, most: number): void {
    const stands: (value: Entities[Name]) => boolean = STANDS[name] ?? (() => false);
    const past = [...map.keys()].filter((key) => !stands(map.get(key)!));
    for (const key of past.slice(0, Math.max(0, past.length - most))) map.delete(key);
  }
}
