import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordsOf, type RecordedLine } from '../../../../tools/transcode-kraken-v1.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const data = process.env.PARALLAX_DATA ?? join(root, '..', 'shared', 'data');
const encoder = new TextEncoder();

export type { RecordedLine };

/** Whether the recordings are here; without them tests skip and say so, and in CI they fail. */
export const haveCaptures = existsSync(join(data, 'captures'));
if (!haveCaptures) {
  const words = `no recordings at ${data}: set PARALLAX_DATA; tests that need them are skipped`;
  if (process.env.CI === 'true') throw new Error(words);
  process.stderr.write(`${words}\n`);
}

export const capturePath = (...parts: string[]): string => join(data, 'captures', ...parts);

/** All lines of a recording. */
export const linesOf = (...parts: string[]): RecordedLine[] => recordsOf(capturePath(...parts));

/** The frames received, as the bytes that a socket gives. */
export const framesOf = (lines: readonly RecordedLine[]): Uint8Array[] =>
  lines.filter((line) => line.t === 'recv' && line.data !== undefined).map((line) => encoder.encode(line.data));

export interface MapperMessage {
  readonly test: string;
  readonly feed: string;
  readonly message: unknown;
  readonly normalized?: readonly Readonly<Record<string, unknown>>[];
}

/** Messages with the recorded result of an independent normaliser. */
export const mapperMessages = (venue: string): MapperMessage[] =>
  recordsOf(capturePath(venue, 'messages', 'tardis-mapper-messages.jsonl')) as unknown as MapperMessage[];
