import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Environment } from '@parallax/config';
import { performReplay, type ReplayOrder, type ReplayResult } from '../../src/replay/perform.js';

export const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/** A replay at full speed in process, its traces not kept, unless `options` say otherwise. */
export function replayed(files: string | readonly string[], options: Partial<ReplayOrder> = {}, environment: Environment = {}): Promise<ReplayResult> {
  return performReplay({
    files: [files].flat(), speed: Infinity, stepUs: 20_000, fresh: false, stateDirectory: null, environment, log: SILENT,
    onProgress: () => {}, signal: new AbortController().signal, ...options,
  });
}

/** A temporary folder for changed copies of recordings, which are never kept. */
export async function scratchFolder(): Promise<{ path(name: string): string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parallax-replay-'));
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Whole text of a gzip recording. */
export async function linesOfRecording(file: string): Promise<string[]> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file).pipe(createGunzip())) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString().split('\n').filter((line) => line !== '');
}

/** Writes lines as a recording, packed where the name ends in `.gz`. */
export async function writeRecording(file: string, lines: readonly string[]): Promise<string> {
  const source = Readable.from([`${lines.join('\n')}\n`]);
  if (file.endsWith('.gz')) await pipeline(source, createGzip({ level: 1 }), createWriteStream(file));
  else await pipeline(source, createWriteStream(file));
  return file;
}
