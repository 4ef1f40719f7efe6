import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const data = process.env.PARALLAX_DATA ?? join(root, '..', 'shared', 'data');

/** The JSON texts of a `<timestamp> <raw json>` recording. */
export function tickLines(folder: string, file: string): string[] {
  const text = gunzipSync(readFileSync(join(data, 'ticks', folder, file))).toString();
  return text.split('\n').filter((line) => line !== '').map((line) => line.slice(line.indexOf(' ') + 1));
}
