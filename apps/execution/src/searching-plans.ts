import type { SearchingPlan } from '@parallax/execution';
import type { Trouble } from '@parallax/types';

/** What keeps an account from being part of a key. */
const NO_KEY = /[^\w.-]/g;

/** A warning for each account with plans that wait for a way out, as long as one does; of what ends `held` monitoring tells. */
export function troublesOf(plans: readonly SearchingPlan[]): Trouble[] {
  return [...new Set(plans.map(({ account }) => account))].map((account) => {
    const searching = plans.filter((plan) => plan.account === account);
    const summary = `account ${account}: ${searching.map(textOf).join('; ')}. It is tried again as prices come`;
    return { key: `exit.${account.replaceAll(NO_KEY, '_')}`, severity: 'warning', summary };
  });
}

function textOf({ intentId, sinceUs, uneven, passedOver }: SearchingPlan): string {
  const what = uneven ? `${uneven.size} ${uneven.symbol} that ${uneven.side === 'buy' ? 'were bought' : 'were sold'} at ${uneven.venue} for ` : 'a leg of ';
  const why = passedOver.length > 0 ? ` (${passedOver.join(', ')})` : '';
  return `${what}the plan ${intentId} stand alone and wait for a way out since ${new Date(sinceUs / 1000).toISOString()}${why}`;
}
