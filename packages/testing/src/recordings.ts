import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The folder of recordings: PARALLAX_DATA, else ../shared/data beside the project. */
export function recordingsFolder(): string {
  return resolve(ROOT, process.env.PARALLAX_DATA || '../shared/data');
}

/** Path of a recording, or null when it is not there; tests are wrapped in `describeWith({ recording })`. */
export function recordings(relativePath: string): string | null {
  const path = join(recordingsFolder(), relativePath);
  return existsSync(path) ? path : null;
}
