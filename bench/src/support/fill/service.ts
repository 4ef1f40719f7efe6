/** Risk, execution or the paper venues as they run live, each alone in its process. */
import { BusVenueDoor, ExecutionService } from '@parallax/app-execution';
import { fileJournals, memoryJournals, PaperVenueService } from '@parallax/app-paper-venue';
import { DEFAULT_RISK_CONFIGURATION, RiskService } from '@parallax/app-risk';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import { DEFAULT_LIMITS } from '@parallax/risk';
import { ConstantLatency, RateFees, riskAverseQueue } from '@parallax/simulation';
import type { Service } from '@parallax/runtime';
import { join } from 'node:path';
import { answer, busAs, contextOf, joining } from '../processes/child.js';
import { ACCOUNT, SYMBOLS, VENUE_IDS } from './market.js';

const FEE = '0.001';
const PLENTY = '1000000000';

const context = contextOf(await busAs(joining.role));
const balances = VENUE_IDS.flatMap((venue) =>
  ['USDT', ...Array.from({ length: SYMBOLS }, (_, symbol) => `COIN${symbol}`)].map((currency) => ({ venue, currency, amount: PLENTY })),
);

function create(): Service {
  if (joining.role === 'risk') {
    const limits = { ...DEFAULT_LIMITS, capital: PLENTY, maxPositionNotional: PLENTY, maxHourlyLoss: PLENTY, maxDailyLoss: PLENTY, cooldownUs: 0 };
    return new RiskService({ ...context, configuration: { ...DEFAULT_RISK_CONFIGURATION, accounts: [{ account: ACCOUNT, limits, balances }] } });
  }
  if (joining.role === 'execution') {
    const options = {
      ...DEFAULT_EXECUTION_OPTIONS,
      accounts: [ACCOUNT],
      takerFees: Object.fromEntries(VENUE_IDS.map((venue) => [venue, FEE])),
      balances: balances.map((balance) => ({ account: ACCOUNT, ...balance })),
    };
    return new ExecutionService(context, options, VENUE_IDS.map((venue) => new BusVenueDoor(context.bus, venue)));
  }
  return new PaperVenueService(context, VENUE_IDS.map((venue) => {
    const path = join(String(joining.settings.directory), `${venue}.journal`);
    const openJournal = joining.settings.journal === 'memory' ? memoryJournals(context.random) : fileJournals({ path, venue }, context);
    return { venue, matching: { queue: riskAverseQueue, depth: 'books' as const }, fees: new RateFees(FEE, FEE), latency: new ConstantLatency(0), openJournal };
  }), { mode: 'shared', lostJournals: [] });
}

const service = create();
await service.start();
answer({ health: () => service.health() });
