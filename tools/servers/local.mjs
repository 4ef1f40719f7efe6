/** Real servers for local work: started on loopback, data under .parallax/, one pid file each, stopped cleanly. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { find } from './find.mjs';
import { lastLine, run } from './run.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const STATE = join(ROOT, '.parallax', 'services');

/** Where `bin/parallax provision --configuration` may be kept, with a user per service; else the default below is used. */
export const PROVISIONED_NATS_CONFIGURATION = join(STATE, 'nats', 'nats-server.conf');

function defaultNatsConfiguration(port, data) {
  return `# One user for all, loopback only: for local work. \`bin/parallax provision --configuration\` prints one with a user per service.
server_name: parallax-local
listen: 127.0.0.1:${port}
http: 127.0.0.1:${port + 4000}
max_payload: 1MB
jetstream { store_dir: ${JSON.stringify(data)}, max_memory_store: 256MB, max_file_store: 16GB }
`;
}

/** What there is to start. `options.natsConfiguration` names another file for nats-server. */
export function services(options = {}) {
  const natsPort = options.natsPort ?? 4222;
  const redisPort = options.redisPort ?? 6379;
  const nats = join(STATE, 'nats');
  const redis = join(STATE, 'redis');
  return [
    {
      name: 'nats-server',
      marker: (command) => command[1],
      folder: nats,
      port: natsPort,
      url: `nats://127.0.0.1:${natsPort}`,
      variable: 'NATS_URL',
      arguments() {
        const given = options.natsConfiguration ?? (existsSync(PROVISIONED_NATS_CONFIGURATION) ? PROVISIONED_NATS_CONFIGURATION : null);
        // Flags win over the file, which may have been written for a container. Its data folder no flag can change.
        const here = ['-a', '127.0.0.1', '-p', String(natsPort), '-m', String(natsPort + 4000)];
        if (given) return ['-c', resolve(given), ...here];
        const file = join(nats, 'default.conf');
        writeFileSync(file, defaultNatsConfiguration(natsPort, join(nats, 'data')));
        return ['-c', file];
      },
    },
    {
      name: 'redis-server',
      marker: () => `:${redisPort}`,
      folder: redis,
      port: redisPort,
      url: `redis://127.0.0.1:${redisPort}`,
      variable: 'REDIS_URL',
      arguments: () => ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', redis, '--save', '', '--appendonly', 'no'],
    },
  ];
}

/** What nats-server keeps without users is in the account of this name. */
const WITHOUT_USERS = '$G';

/**
 * Accounts that hold earlier state below a server's data folder and that this configuration does not have. Each account has streams and
 * shared state of its own: with users instead of none, or the other way round, positions, orders, halts and limits begin anew.
 */
export function accountsLeftBehind(configuration) {
  const data = /store_dir\s*[:=]?\s*"?([^"\s},]+)"?/.exec(configuration)?.[1];
  const folder = data === undefined ? '' : join(data, 'jetstream');
  if (data === undefined || !existsSync(folder)) return [];
  const known = new Set([...(/^accounts\s*\{[^]*$/m.exec(configuration)?.[0] ?? '').matchAll(/^ {2}(\w+) \{$/gm)].map(([, name]) => name));
  if (known.size === 0) known.add(WITHOUT_USERS);
  const holds = (account) => existsSync(join(folder, account, 'streams')) && readdirSync(join(folder, account, 'streams')).length > 0;
  return readdirSync(folder).filter((account) => !known.has(account) && holds(account)).map((account) => join(folder, account));
}

function sayWhatStaysBehind(command, say) {
  const configuration = readFileSync(command[command.indexOf('-c') + 1], 'utf8');
  for (const folder of accountsLeftBehind(configuration)) {
    const of = folder.endsWith(WITHOUT_USERS) ? 'this server without users' : 'other users of this server';
    say(`nats-server: earlier state of ${of} stays behind in ${folder}: orders, positions, halts and limits begin anew. The configuration of before shows it again.`);
  }
}

/** Starts what does not run yet and waits until it answers. */
export async function up(options, say) {
  for (const service of services(options)) {
    const before = stateOf(service);
    if (before.running) {
      say(`${service.name} runs already (pid ${before.pid}, ${before.url})`);
      continue;
    }
    if (await answers(service.port)) {
      throw new Error(`${service.name}: something else listens on 127.0.0.1:${service.port}; stop it or choose another port.`);
    }
    const program = await find(service.name, { say });
    mkdirSync(service.folder, { recursive: true });
    const command = service.arguments();
    const log = openSync(join(service.folder, 'log'), 'a');
    const child = spawn(program.path, command, { detached: true, stdio: ['ignore', log, log], cwd: service.folder });
    closeSync(log);
    let ended = null;
    child.on('error', (fault) => (ended = fault.message));
    child.on('exit', (code) => (ended = `exit code ${code}`));
    const record = { pid: child.pid, url: service.url, port: service.port, version: program.version, path: program.path, marker: service.marker(command) };
    writeFileSync(pidFile(service), JSON.stringify(record));
    for (let tries = 0; !(await answers(service.port)); tries++) {
      if (ended !== null || tries > 100) {
        rmSync(pidFile(service), { force: true });
        child.kill();
        child.unref();
        const output = readFileSync(join(service.folder, 'log'), 'utf8');
        throw new Error(`${service.name} did not start (${ended ?? 'no answer in 10 s'}): ${lastLine(output)}`);
      }
      await sleep(100);
    }
    child.unref();
    if (service.name === 'nats-server') sayWhatStaysBehind(command, say);
    say(`${service.name} ${program.version} (${program.way}) runs: ${service.variable}=${service.url}, pid ${child.pid}, data in ${service.folder}`);
  }
}

/** Stops what was started here; other servers of the same kind are left alone. */
export async function down(options, say) {
  for (const service of services(options)) {
    const state = stateOf(service);
    if (!state.running) {
      rmSync(pidFile(service), { force: true });
      say(`${service.name} does not run`);
      continue;
    }
    process.kill(state.pid, 'SIGTERM');
    for (let tries = 0; stateOf(service).running; tries++) {
      if (tries === 100) throw new Error(`${service.name} (pid ${state.pid}) did not stop in 10 s.`);
      await sleep(100);
    }
    rmSync(pidFile(service), { force: true });
    say(`${service.name} stopped`);
  }
}

export function status(options) {
  return services(options).map((service) => ({ name: service.name, ...stateOf(service), data: service.folder }));
}

function pidFile(service) {
  return join(service.folder, 'pid.json');
}

function stateOf(service) {
  let record;
  try {
    record = JSON.parse(readFileSync(pidFile(service), 'utf8'));
  } catch {
    return { running: false, pid: null, url: null, version: null };
  }
  // A number may belong to another process by now: its command line must be ours.
  const commandLine = run('ps', ['-p', String(record.pid), '-o', 'args=']).out;
  const running = commandLine.includes(service.name) && commandLine.includes(record.marker);
  return running
    ? { running, pid: record.pid, url: record.url, version: record.version }
    : { running, pid: null, url: null, version: null };
}

function answers(port) {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (yes) => {
      socket.destroy();
      done(yes);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
