import { readConfiguration, systemEnvironment } from '@parallax/config';
import { SystemTimers } from '@parallax/runtime';
import { ParallaxError, PROFIT_CAUSES, type Profit } from '@parallax/types';
import { Command } from 'commander';
import { gatewayHttp } from '../gateway/http.js';
import { columns } from '../replay/table.js';
import { readable } from './amount.js';
import { checkProfit, type Checked } from './check.js';
import { profitFromGateway } from './sources.js';

interface Options {
  readonly gateway?: string;
  readonly check?: boolean;
  readonly tries: string;
  readonly json?: boolean;
}

const HELP = `
With --check all fills are read and added up again, by themselves: cash, fees, what stands alone and what was paid for it must be
what the profit says, to the last digit. Fills of plans under way are in no profit yet, so that it looks again each second.

Exit codes: 0 told, and with --check equal; 1 not equal, or nobody could be asked.

Examples:
  parallax profit
  parallax profit --check --gateway http://127.0.0.1:8080
`;

export function profitCommand(): Command {
  return new Command('profit')
    .description('what each account brought, by cause, and what stands alone; or whether that is what its fills say')
    .option('--gateway <address>', 'address of a running gateway (default http://127.0.0.1:PORT)')
    .option('--check', 'add the gateway’s fills up again and compare')
    .option('--tries <n>', 'with --check: look so many times until both speak of as many fills', '120')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run({ gateway, check, tries, json }: Options): Promise<void> {
  const { PORT } = readConfiguration(systemEnvironment(), ['PORT']);
  const [http, address] = [gatewayHttp(systemEnvironment()), gateway ?? `http://127.0.0.1:${PORT}`];
  if (!check) {
    const profits = await profitFromGateway(http, address);
    process.stdout.write(`${json ? JSON.stringify(profits) : profits.map(profitText).join('\n\n') || 'nothing was traded'}\n`);
    return;
  }
  const most = Number(tries);
  if (!Number.isInteger(most) || most < 1) throw new ParallaxError('INPUT_REFUSED', `--tries is "${tries}"; it takes a whole number above 0`, { place: '--tries' });
  const checked = await checkProfit(http, new SystemTimers(), address, most);
  const all = checked.map(({ account, currency, told, counted, differences }) => ({
    account, currency, differences, fills: counted?.fills ?? 0, cash: counted?.cash.toString() ?? '0', realised: told?.realised ?? null,
  }));
  process.stdout.write(`${json ? JSON.stringify(all) : checked.map(checkText).join('\n\n') || 'there are no fills'}\n`);
  if (checked.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
}

const unknown = (amount: string | null): string => (amount === null ? 'unknown' : readable(amount));

function profitText({ account, currency, plans, fills, sinceUs, causes, realised, open, openProfit, total, dust, otherFees }: Profit): string {
  const rows = [
    ['cause', currency], ...PROFIT_CAUSES.map((cause) => [cause, readable(causes[cause])]), ['realised', readable(realised)], ['open', unknown(openProfit)], ['total', unknown(total)],
  ];
  const lines = [
    ...open.map(({ base, size, cost, value }) => `stands alone: ${readable(size)} ${base} for ${readable(cost)} ${currency}, worth ${unknown(value)} now`),
    ...dust.map(({ venue, symbol, size }) => `dust: ${readable(size)} of ${symbol} at ${venue}`),
    ...Object.entries(otherFees).map(([of, amount]) => `fees not in the profit: ${readable(amount)} ${of}`),
  ];
  return [`account ${account}, ${plans} plans, ${fills} fills since ${new Date(sinceUs / 1000).toISOString()}`, '', columns(rows), ...lines].join('\n');
}

function checkText({ account, currency, told, counted, differences }: Checked): string {
  const head = `account ${account} in ${currency}: ${counted?.fills ?? 0} fills of ${counted?.plans ?? 0} plans`;
  if (differences.length > 0) return [`${head}: NOT EQUAL`, ...differences.map((one) => `  ${one}`)].join('\n');
  const alone = told!.open.map(({ base, size, cost }) => `, ${size} ${base} stand alone for ${cost}`).join('');
  return `${head}: equal; ${told!.realised} realised${alone}, cash ${told!.cash}`;
}
