import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { identify, readRecording, type Recording } from '@parallax/recordings';
import type { InstrumentSpecification } from '@parallax/types';
import { VENUES } from '@parallax/venues';

/** One recorded frame as a socket gives it. */
export interface RecordedFrame {
  readonly receivedAtUs: number;
  readonly connection: number;
  readonly bytes: Buffer;
  /** A REST snapshot; everything else came over the socket. */
  readonly rest: boolean;
  readonly venueSymbol: string;
}

export interface LoadedRecording {
  readonly name: string;
  readonly recording: Recording;
  readonly instruments: readonly InstrumentSpecification[];
  readonly frames: readonly RecordedFrame[];
}

/** The folder of recordings below PARALLAX_DATA; a missing one ends the bench, which has nothing to measure then. */
export function recordingsFolder(...parts: string[]): string {
  const data = resolve(process.env.PARALLAX_DATA ?? join(import.meta.dirname, '../../../../shared/data'));
  const folder = join(data, ...parts);
  if (!existsSync(folder)) throw new Error(`no recordings at ${folder}: set PARALLAX_DATA to the folder that holds ${parts[0]}`);
  return folder;
}

/** Recordings of a folder whose names match, frames in memory, each in a Buffer of its own. */
export async function loadRecordings(folder: string, pattern: RegExp): Promise<LoadedRecording[]> {
  const names = readdirSync(folder).filter((name) => pattern.test(name)).sort();
  if (names.length === 0) throw new Error(`no recordings like ${pattern.source} in ${folder}`);
  return Promise.all(names.map((name) => load(join(folder, name), name)));
}

async function load(file: string, name: string): Promise<LoadedRecording> {
  const recording = await identify(file, VENUES);
  const { definition } = recording;
  const instruments = new Map(definition.catalogue.map((one) => [one.venueSymbol, one]));
  const frames: RecordedFrame[] = [];
  // A file cut at its end ends with a fault; the frames before it count.
  for await (const { kind, receivedAtUs, connection, bytes, venueSymbol } of readRecording(recording, () => {})) {
    if (kind === 'listing') {
      for (const one of definition.listing.read(new TextDecoder().decode(bytes), () => {})) instruments.set(one.venueSymbol, one);
    } else if (kind === 'stream' || kind === 'snapshot') {
      frames.push({ receivedAtUs, connection, bytes: Buffer.from(bytes), rest: kind === 'snapshot', venueSymbol });
    }
  }
  return { name, recording, instruments: [...instruments.values()], frames };
}
