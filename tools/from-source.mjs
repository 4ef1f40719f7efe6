/** Runs a few lines that import the project's packages from source, and gives what they print. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

/** Bare imports are looked for from here: this room has both the bus and the wire among its dependencies. */
const FROM = join(ROOT, 'apps', 'parallax');

/** @throws Error with what the lines wrote to standard error when they fail. */
export function fromSource(script) {
  const register = pathToFileURL(join(ROOT, 'tools', 'swc-register.mjs')).href;
  const result = spawnSync(process.execPath, ['--conditions=source', '--import', register, '--input-type=module', '-e', script], {
    cwd: FROM,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr || String(result.error));
  return result.stdout;
}
