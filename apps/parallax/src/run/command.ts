import { runService } from '@parallax/service-host';
import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { RUNNABLE, runnableNames, SIMULATOR } from './services.js';

export function runCommand(): Command {
  return new Command('run')
    .description('start one service alone in this process, joined to NATS_URL as its own user')
    .argument('<service>', runnableNames().join(', '))
    .argument('[options...]', `for the ${SIMULATOR}: its own options (run ${SIMULATOR} --help)`)
    .passThroughOptions()
    .action(run);
}

async function run(name: string, rest: string[]): Promise<void> {
  if (name === SIMULATOR) {
    const { runSimulator } = await import('@parallax/simulator');
    return runSimulator(rest[0] === '--' ? rest.slice(1) : rest);
  }
  const load = RUNNABLE.get(name);
  if (!load) {
    throw new ParallaxError('INPUT_REFUSED', `there is no service "${name}"; there are ${runnableNames().join(', ')}`);
  }
  if (rest.length > 0) throw new ParallaxError('INPUT_REFUSED', `${name} takes no options, but variables: see docs/environment.md`);
  await runService(await load());
}
