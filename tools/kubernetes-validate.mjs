/** kubernetes-validate: strict schemas of every Kubernetes kind, offline. It comes from pip, without root, into the cache. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './servers/run.mjs';

const REQUIREMENT = 'kubernetes-validate==1.37.0';
export const KUBERNETES = '1.36';

const folder = () => join(process.env.PARALLAX_CACHE || join(homedir(), '.cache', 'parallax'), 'python', REQUIREMENT.replace('==', '-'));
const program = () => join(folder(), 'bin', 'kubernetes-validate');

/** Whether the check can be run here; where `fetch` is set, gets what is missing. */
export function haveKubernetesValidate({ fetch }) {
  if (existsSync(program())) return true;
  if (!fetch) return false;
  const result = run('python3', ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--only-binary', ':all:', '--target', folder(), REQUIREMENT]);
  return result.code === 0 && existsSync(program());
}

/** Checks a file of manifests. @returns {string | null} what is wrong, or null. */
export function kubernetesFaults(file) {
  const result = run('python3', [program(), '-k', KUBERNETES, '--strict', file], { env: { ...process.env, PYTHONPATH: folder() } });
  return result.code === 0 ? null : `${result.out}\n${result.error}`.split('\n').filter((line) => !line.startsWith('INFO ')).join('\n').trim();
}
