/** Finds a program: where a variable says, in the cache, on PATH if new enough, and else fetches it. */
import { existsSync } from 'node:fs';
import { cachedProgram } from './cache.mjs';
import { PROGRAMS } from './programs.mjs';
import { atLeast, lastLine, onPath, run, versionIn } from './run.mjs';

/**
 * @param {string} name of PROGRAMS
 * @param {{ fetch?: boolean, say?: (sentence: string) => void }} options `fetch` false looks without downloading
 * @returns {Promise<{ name: string, path: string, version: string, way: string }>}
 * @throws Error with one sentence that names what was tried and what would help
 */
export async function find(name, { fetch = true, say = () => {} } = {}) {
  const program = PROGRAMS[name];
  if (!program) throw new Error(`No program ${name} is known; there are ${Object.keys(PROGRAMS).join(', ')}.`);

  const explicit = process.env[program.variable];
  if (explicit) {
    const judged = judge(program, explicit);
    if (judged.version) return { name, path: explicit, version: judged.version, way: program.variable };
    throw new Error(`${name}: ${program.variable} names ${explicit}, but ${judged.fault}.`);
  }

  const closed = [];
  const places = [['cache', cachedProgram(name)], ...program.names.flatMap((one) => onPath(one).map((path) => ['PATH', path]))];
  for (const [way, path] of places) {
    if (!existsSync(path)) continue;
    const judged = judge(program, path);
    if (judged.version) return { name, path, version: judged.version, way };
    closed.push(`${path} ${judged.fault}`);
  }

  for (const [way, get] of fetch ? program.fetches : []) {
    try {
      say(`${name}: fetching it by ${way} ...`);
      const path = await get(name, (sentence) => say(`${name}: ${sentence}`));
      const judged = judge(program, path);
      if (judged.version) return { name, path, version: judged.version, way };
      closed.push(`the one by ${way} ${judged.fault}`);
    } catch (fault) {
      closed.push(fault.message);
    }
  }
  const tried = closed.length > 0 ? ` (${closed.join('; ')})` : '';
  const hint = fetch ? '' : '; `node tools/servers/main.mjs fetch` would look further';
  throw new Error(`No ${name} ${program.minimum.slice(0, 2).join('.')} or newer was found: set ${program.variable} to one${hint}${tried}.`);
}

/** The version of a program that serves, or why it does not. */
function judge(program, path) {
  const result = run(path, program.versionArguments ?? ['--version'], { timeout: 30_000 });
  if (result.code !== 0) return { fault: `does not run (${lastLine(result.error || result.out) || `exit code ${result.code}`})` };
  const version = versionIn(result.out);
  if (!version) return { fault: `does not tell its version` };
  const text = version.join('.');
  return atLeast(version, program.minimum) ? { version: text } : { fault: `is ${text}, older than ${program.minimum.slice(0, 2).join('.')}` };
}
