import { resolve } from 'node:path';
import { connectNats, natsConfiguration, passwordVariable, provision } from '@parallax/bus';
import { readConfiguration, systemEnvironment, type Environment, type VariableName } from '@parallax/config';
import { ParallaxError } from '@parallax/types';
import { TOPOLOGY } from '@parallax/wire';
import { Command } from 'commander';
import { provisionerOf } from '../replay/scratch.js';

interface Options {
  readonly configuration?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

const HELP = `
Needs NATS_URL and, where the server has users, NATS_PROVISIONER_PASSWORD. A NATS server reads its users from its own
configuration: --configuration prints one that holds a user for each service with the least rights (passwords stay
variables of the server's environment), and each user whose password is set here is tried.

Exit codes: 0 all is as it should be; 1 it is not, with the reason.

Examples:
  NATS_URL=nats://127.0.0.1:4222 parallax provision
  parallax provision --configuration --data /var/lib/nats > nats.conf
`;

const BEGINS_ANEW =
  'nothing was kept for these users before. If this server ran without users, its state (orders, positions, halts, limits) is of another account ' +
  'and stays behind: to see it again, start the server with the configuration of before';

export function provisionCommand(): Command {
  return new Command('provision')
    .description('make streams, consumers and shared state of a NATS and check its users; safe to run twice')
    .option('--configuration', 'print a configuration for nats-server with all users, and do nothing else')
    .option('--data <folder>', 'of that server, for the configuration', '/data')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: Options): Promise<void> {
  if (options.configuration) {
    process.stdout.write(natsConfiguration(TOPOLOGY, { host: '0.0.0.0', port: 4222, storeDirectory: resolve(options.data) }));
    return;
  }
  const environment = systemEnvironment();
  const { NATS_URL } = readConfiguration(environment, ['NATS_URL']);
  if (NATS_URL === undefined) {
    throw new ParallaxError('CONFIG_REFUSED', 'NATS_URL is not set: it says which NATS to provision', { place: 'NATS_URL' });
  }
  const made = await provision(provisionerOf(NATS_URL, environment), TOPOLOGY);
  const hasUsers = provisionerOf(NATS_URL, environment).user !== undefined;
  if (hasUsers && made.unchanged.length === 0 && made.changed.length === 0) process.stderr.write(`parallax: ${BEGINS_ANEW}\n`);
  const users = await checkUsers(NATS_URL, environment);
  const refused = users.filter(({ login }) => login === 'refused').map(({ user }) => user);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...made, users })}\n`);
  else {
    const untried = users.filter(({ login }) => login === 'not tried');
    const lines = [
      ...made.created.map((name) => `made     ${name}`), ...made.changed.map((name) => `changed  ${name}`), ...made.unchanged.map((name) => `kept     ${name}`),
      ...users.filter(({ login }) => login === 'accepted').map(({ user }) => `user     ${user} may log in`),
      ...(untried.length === 0 ? [] : [`users not tried, their passwords are not set here: ${untried.map(({ user }) => passwordVariable(user)).join(', ')}`]),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (refused.length > 0) {
    throw new ParallaxError('BUS_REFUSED', `the server refuses ${refused.join(', ')}: its configuration has no such user or another password`, { place: NATS_URL });
  }
}

interface UserCheck {
  readonly user: string;
  readonly login: 'accepted' | 'refused' | 'not tried';
}

async function checkUsers(url: string, environment: Environment): Promise<UserCheck[]> {
  const checks: UserCheck[] = [];
  for (const { name: user } of TOPOLOGY.users) {
    const variable = passwordVariable(user) as VariableName;
    const password = readConfiguration(environment, [variable])[variable] as string | undefined;
    if (password === undefined) {
      checks.push({ user, login: 'not tried' });
      continue;
    }
    try {
      const bus = await connectNats({ servers: url.split(','), user, password, name: `provision-${user}` });
      await bus.drain();
      checks.push({ user, login: 'accepted' });
    } catch (error) {
      if ((error as ParallaxError).code !== 'BUS_REFUSED') throw error;
      checks.push({ user, login: 'refused' });
    }
  }
  return checks;
}
