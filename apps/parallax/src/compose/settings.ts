import { paperBalances, type Settings } from '@parallax/config';
import { DEFAULT_EXECUTION_OPTIONS, type ExecutionOptions } from '@parallax/execution';

export { feesOf, paperBalances, settingsOf, type Settings } from '@parallax/config';

export function executionOptions(settings: Settings): ExecutionOptions {
  return {
    ...DEFAULT_EXECUTION_OPTIONS,
    quoteAgeUs: settings.quoteMaxAgeUs,
    takerFees: settings.takerFees,
    balances: paperBalances(settings.account, settings.venues),
  };
}
