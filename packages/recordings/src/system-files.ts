import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { ParallaxError } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import { CryptofeedFormat } from './cryptofeed.js';
import { venueOfHeader, venueOfName, venueSymbolOfName } from './name.js';
import type { TapeEntry, TapeFault, TapeFormat } from './tape.js';
import { TimestampedFormat } from './timestamped.js';

/** A recording on disk, its format and venue known. */
export interface Recording {
  readonly file: string;
  readonly definition: VenueDefinition;
  readonly format: TapeFormat['name'];
  /** The venue's symbol that the file's name or its first frame tells; empty where it does not. */
  readonly venueSymbol: string;
}

/** Finds out format and venue of a file; `venue` is what the user said, and wins. */
export async function identify(
  file: string, venues: ReadonlyMap<string, VenueDefinition>, venue?: string,
): Promise<Recording> {
  const firstLine = await readFirstLine(file);
  const name = basename(file);
  const id = venue ?? venueOfHeader(firstLine) ?? venueOfName(name);
  if (id === undefined) {
    throw new ParallaxError('RECORDING_REFUSED', `neither name nor header of ${file} tells the venue; say --venue`, { place: file });
  }
  const definition = venues.get(id);
  if (!definition) {
    const known = [...venues.keys()].join(', ');
    throw new ParallaxError('VENUE_UNKNOWN', `${file}: "${id}" is none of the venues ${known}`, { place: file });
  }
  const format = firstLine.startsWith('{') ? 'cryptofeed' : 'timestamped';
  const stream = /"stream":"([a-z0-9_]+)@/.exec(firstLine)?.[1];
  return { file, definition, format, venueSymbol: stream?.toUpperCase() ?? venueSymbolOfName(name) ?? '' };
}

/** Reads a recording entry by entry. Faults are told and skipped; a file cut in the middle ends with one. */
export async function* readRecording(recording: Recording, onFault: (fault: TapeFault) => void): AsyncGenerator<TapeEntry> {
  const format = recording.format === 'cryptofeed'
    ? new CryptofeedFormat(recording.definition)
    : new TimestampedFormat(recording.venueSymbol);
  let number = 0;
  try {
    for await (const line of linesOf(recording.file)) {
      number++;
      let entry: TapeEntry | null = null;
      try {
        entry = format.read(line, number);
      } catch (error) {
        onFault({ file: recording.file, line: number, reason: (error as Error).message });
      }
      if (entry) yield entry;
    }
  } catch (error) {
    onFault({ file: recording.file, line: number + 1, reason: `the file ends early: ${(error as Error).message}` });
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const compressed = await isGzip(file);
  const source = createReadStream(file);
  const input = compressed ? source.pipe(createGunzip()) : source;
  const broken: { error?: Error } = {};
  const lines = createInterface({ input, crlfDelay: Infinity });
  const fail = (error: Error): void => {
    broken.error = error;
    lines.close();
  };
  source.once('error', fail);
  if (input !== source) input.once('error', fail);
  for await (const line of lines) yield line;
  if (broken.error) throw broken.error;
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new ParallaxError('RECORDING_REFUSED', `cannot open ${file}: ${error.code ?? error.message}`, { place: file });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function readFirstLine(file: string): Promise<string> {
  try {
    for await (const line of linesOf(file)) return line;
  } catch (error) {
    if (error instanceof ParallaxError) throw error;
    throw new ParallaxError('RECORDING_REFUSED', `${file}: ${(error as Error).message}`, { place: `${file}:1` });
  }
  throw new ParallaxError('RECORDING_REFUSED', `${file} is empty`, { place: `${file}:1` });
}
