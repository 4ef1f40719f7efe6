import { instrumentKey, ParallaxError, type Fill, type InstrumentSpecification, type Order } from '@parallax/types';
import { Amount } from './amount.js';
import { recountPlan, type KnownFill } from './plan-recount.js';

/** What an account's fills say of what it brought in one currency. */
export interface AccountRecount {
  readonly account: string;
  readonly currency: string;
  readonly plans: number;
  readonly fills: number;
  readonly cash: Amount;
  readonly fees: Amount;
  readonly otherFees: ReadonlyMap<string, Amount>;
  /** Cash in what plans left standing alone. */
  readonly held: Amount;
  /** Signed base units of it, by base currency. */
  readonly base: ReadonlyMap<string, Amount>;
  /** Inverse contracts are among them: their worth is a quotient, so that its last digits are of whoever divided. */
  readonly divided: boolean;
}

/**
 * Adds up fills by themselves, each once. `orders` are needed for inverse contracts, whose plan prices no fill tells, and for
 * fills from before they told their purpose.
 * @throws ParallaxError `INPUT_REFUSED` for a fill of which the instrument, or an order that is needed, is not among them.
 */
export function recount(fills: Iterable<Fill>, instruments: Iterable<InstrumentSpecification>, orders: Iterable<Order>): AccountRecount[] {
  const specifications = new Map([...instruments].map((one) => [instrumentKey(one.venue, one.symbol), one]));
  const byId = new Map<string, Order>();
  const legs = new Map<string, Order>();
  for (const order of orders) {
    byId.set(order.id, order);
    if (order.purpose === 'leg') legs.set(`${order.intentId} ${order.leg}`, order);
  }
  const known = (given: Fill): KnownFill => {
    const { intentId, leg, venue, symbol } = given;
    const specification = specifications.get(instrumentKey(venue, symbol));
    if (!specification) throw lacking(given, `the instrument ${venue}:${symbol}`);
    const purpose = given.purpose ?? byId.get(given.orderId)?.purpose;
    if (!purpose) throw lacking(given, 'its order');
    const ofLeg = specification.inverse ? legs.get(`${intentId} ${purpose === 'reverse' ? 1 - leg : leg}`) : undefined;
    if (specification.inverse && !ofLeg) throw lacking(given, 'the order of its plan’s leg, which tells the price that it is valued at,');
    return { fill: { ...given, purpose }, specification, planPrice: ofLeg ? Amount.of(ofLeg.price) : null };
  };
  const plans = groupedBy([...new Map([...fills].map((fill) => [fill.id, known(fill)])).values()], ({ fill, specification }) => `${fill.account} ${specification.quote} ${fill.intentId}`);
  const accounts = groupedBy([...plans.values()], ([{ fill, specification }]) => `${fill.account} ${specification.quote}`);
  return [...accounts.values()].map(sumOf);
}

function sumOf(plans: readonly KnownFill[][]): AccountRecount {
  const [{ fill, specification }] = plans[0];
  const counts = plans.map((ofPlan) => ({ asset: ofPlan[0].specification.base, ...recountPlan(ofPlan) }));
  return {
    account: fill.account, currency: specification.quote, plans: plans.length, fills: plans.flat().length,
    cash: Amount.sum(counts.map(({ cash }) => cash)), fees: Amount.sum(counts.map(({ fees }) => fees)), held: Amount.sum(counts.map(({ held }) => held)),
    otherFees: summed(counts.flatMap(({ otherFees }) => otherFees)), base: summed(counts.map(({ asset, base }) => [asset, base])),
    divided: plans.flat().some((one) => one.specification.inverse),
  };
}

/** What is 0 is left out. */
function summed(amounts: readonly (readonly [name: string, amount: Amount])[]): Map<string, Amount> {
  const groups = groupedBy(amounts, ([name]) => name);
  const sums = [...groups].map(([name, all]): [string, Amount] => [name, Amount.sum(all.map(([, amount]) => amount))]);
  return new Map(sums.filter(([, amount]) => amount.sign !== 0));
}

function groupedBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

const lacking = ({ id }: Fill, what: string): ParallaxError =>
  new ParallaxError('INPUT_REFUSED', `the fill ${id} cannot be added up: ${what} is not known`, { place: id });
