/** Brings a clone into a state that runs: packages installed, sources built. Plain Node; says what it does. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interrupted, runCommand } from './run-command.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const BUILD_STAMP = join(ROOT, '.parallax', 'build-stamp');

/**
 * Why an install is needed, or null: compares npm's own note of what it installed with the lock, package by package.
 * Optional packages may be absent (other platforms), all others must be there in the locked version.
 */
export function installNeeded() {
  const note = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return 'node_modules is missing';
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const present = installed[path];
    if (present ? present.version !== entry.version : !entry.optional) {
      return `${path.split('node_modules/').at(-1)} is not installed as package-lock.json says`;
    }
  }
  return null;
}

/** Runs npm ci where it is needed. @throws Error when it fails; Interrupted where this process was told to end. */
export async function install(say) {
  const reason = installNeeded();
  if (!reason) return false;
  say(`${reason}: running npm ci (half a minute or more) ...`);
  const result = await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) throw new Error(`npm ci failed${result.error ? ` (${result.error.message})` : ''}: it needs a reachable npm registry.`);
  return true;
}

/** The same for a tool that can do nothing without: says why not in a sentence, and ends the process. */
export async function installOrExit(say) {
  await install(say).catch((fault) => {
    say(fault.message);
    process.exit(fault instanceof Interrupted ? fault.exitCode : 1);
  });
}

/** Path of turbo's launcher; its telemetry stays off. */
export function turbo(...parameters) {
  const program = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo');
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  return { command: process.execPath, parameters: [program, 'run', ...parameters], env };
}

/** The newest change of anything that a build reads, in milliseconds since the epoch. */
function newestSource() {
  let newest = 0;
  const look = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (['node_modules', 'dist', '.turbo', 'test'].includes(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) look(path);
      else newest = Math.max(newest, statSync(path).mtimeMs);
    }
  };
  for (const folder of ['packages', 'apps'].filter((one) => existsSync(join(ROOT, one)))) look(join(ROOT, folder));
  return Math.max(newest, statSync(join(ROOT, 'tsconfig.base.json')).mtimeMs);
}

function missingBuild() {
  for (const kind of ['packages', 'apps'].filter((one) => existsSync(join(ROOT, one)))) {
    for (const name of readdirSync(join(ROOT, kind))) {
      const manifest = join(ROOT, kind, name, 'package.json');
      if (!existsSync(manifest) || !JSON.parse(readFileSync(manifest, 'utf8')).scripts?.build) continue;
      if (!existsSync(join(ROOT, kind, name, 'dist'))) return `${kind}/${name} is not built`;
    }
  }
  return null;
}

export function buildNeeded() {
  const missing = missingBuild();
  if (missing || !existsSync(BUILD_STAMP)) return missing ?? 'nothing has been built yet';
  return newestSource() > Number(readFileSync(BUILD_STAMP, 'utf8')) ? 'sources are newer than the last build' : null;
}

/** Builds where sources are newer than the last build. @throws Error when it fails; Interrupted where this process was told to end. */
export async function build(say) {
  const reason = buildNeeded();
  if (!reason) return false;
  say(`${reason}: building ...`);
  const startedAt = newestSource();
  const { command, parameters, env } = turbo('build', '--output-logs=errors-only');
  const result = await runCommand(command, parameters, { cwd: ROOT, stdio: ['ignore', 2, 2], env });
  if (result.status !== 0) throw new Error('The build failed; the errors stand above.');
  mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  writeFileSync(BUILD_STAMP, String(startedAt));
  return true;
}
