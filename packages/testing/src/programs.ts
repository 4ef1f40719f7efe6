import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type ProgramName = 'nats-server' | 'redis-server' | 'chromium';

const VARIABLES: Record<ProgramName, readonly string[]> = {
  'nats-server': ['PARALLAX_TEST_NATS_SERVER', 'PARALLAX_NATS_SERVER'],
  'redis-server': ['PARALLAX_TEST_REDIS_SERVER', 'PARALLAX_REDIS_SERVER'],
  chromium: ['PARALLAX_TEST_CHROMIUM', 'PARALLAX_CHROMIUM'],
};

/**
 * Path of a real program, or null. `npm test` finds or fetches the programs and names them in the variables above; a
 * single package's tests find what an earlier run has left in the cache.
 */
export function programPath(name: ProgramName): string | null {
  for (const variable of VARIABLES[name]) {
    const path = process.env[variable];
    if (path) return existsSync(path) ? path : null;
  }
  const cache = process.env.PARALLAX_CACHE || join(homedir(), '.cache', 'parallax');
  const cached = join(cache, 'bin', name);
  return existsSync(cached) ? cached : null;
}

/** The path, or an error that says how to get the program. */
export function requireProgram(name: ProgramName): string {
  const path = programPath(name);
  if (path === null) throw new Error(`${name} is missing: \`node tools/servers/main.mjs fetch ${name}\` gets it`);
  return path;
}
