import { basename } from 'node:path';
import { ParallaxError } from '@parallax/types';
import type { VenueDefinition } from '@parallax/venues';
import { CryptofeedFormat } from './cryptofeed.js';
import { readHead } from './head.js';
import { KrakenV1Format, priceTextDecimalsOf } from './kraken-v1.js';
import { linesOf } from './lines.js';
import { venueOfHeader, venueOfName, venueSymbolOfName } from './name.js';
import type { TapeEntry, TapeFault, TapeFormat } from './tape.js';
import { TimestampedFormat } from './timestamped.js';

const EARLIEST_US = Date.UTC(2009, 0) * 1000;
const LATEST_US = Date.UTC(2100, 0) * 1000;
const LONGEST_GAP_US = 86_400_000_000;

/** A recording on disk, its format and venue known. */
export interface Recording {
  readonly file: string;
  readonly definition: VenueDefinition;
  readonly format: 'cryptofeed' | 'timestamped' | 'kraken-v1';
  /** The venue's symbol that the file's name or its first frame tells; empty where it does not. */
  readonly venueSymbol: string;
  /** `kraken-v1`: decimals of the recorded price texts, by v1's name of the pair. */
  readonly priceTextDecimals?: ReadonlyMap<string, number>;
}

/**
 * Finds out format and venue of a file; `venue` is what the user said, and wins.
 * @throws ParallaxError `RECORDING_REFUSED` or `VENUE_UNKNOWN` with a sentence that says what is wrong with the file.
 */
export async function identify(
  file: string, venues: ReadonlyMap<string, VenueDefinition>, venue?: string,
): Promise<Recording> {
  if (venue !== undefined) definitionOf(venue, '--venue');
  const head = await readHead(file);
  const name = basename(file);
  const id = venue ?? venueOfHeader(head.firstLine) ?? venueOfName(name);
  if (id === undefined) {
    throw new ParallaxError('RECORDING_REFUSED', `neither name nor header of ${file} tells the venue; say --venue`, { place: file });
  }
  const definition = definitionOf(id, file);
  const streamSymbol = /^([^@]+)@/.exec(head.stream)?.[1].toUpperCase();
  const venueSymbol = head.format === 'timestamped' ? (streamSymbol ?? venueSymbolOfName(name) ?? '') : '';
  const { format } = head;
  const priceTextDecimals = id === 'kraken' ? await priceTextDecimalsOf(file) : new Map<string, number>();
  if (priceTextDecimals.size > 0) return { file, definition, format: 'kraken-v1', venueSymbol, priceTextDecimals };
  return { file, definition, format, venueSymbol };

  function definitionOf(wanted: string, place: string): VenueDefinition {
    const found = venues.get(wanted);
    if (found) return found;
    throw new ParallaxError('VENUE_UNKNOWN', `"${wanted}" is none of the venues ${[...venues.keys()].join(', ')}`, { place });
  }
}

/** Reads a recording entry by entry. Faults are told and skipped; a file cut in the middle ends with one. */
export async function* readRecording(recording: Recording, onFault: (fault: TapeFault) => void): AsyncGenerator<TapeEntry> {
  const { file } = recording;
  const format = formatOf(recording);
  let number = 0;
  let latestUs = 0;
  try {
    for await (const { bytes, ended } of linesOf(file)) {
      number++;
      let entry: TapeEntry | null = null;
      try {
        entry = format.read(bytes, number);
        if (entry && !ended) checkWhole(entry);
        if (entry) latestUs = checkTime(entry, latestUs);
      } catch (error) {
        entry = null;
        const reason = (error as Error).message;
        onFault({ file, line: number, reason: ended ? reason : `the file ends in the middle of a line: ${reason}` });
      }
      if (entry) yield entry;
    }
  } catch (error) {
    onFault({ file, line: number + 1, reason: `the file ends early: ${(error as Error).message}` });
  }
}

function formatOf(recording: Recording): TapeFormat {
  switch (recording.format) {
    case 'timestamped':
      return new TimestampedFormat(recording.venueSymbol);
    case 'cryptofeed':
      return new CryptofeedFormat(recording.definition);
    case 'kraken-v1':
      return new KrakenV1Format(new CryptofeedFormat(recording.definition), recording.priceTextDecimals ?? new Map());
  }
}

/** A recorder's clock may step back; far ahead it is a broken line, behind which no other would count. */
function checkTime({ receivedAtUs }: TapeEntry, latestUs: number): number {
  if (receivedAtUs < EARLIEST_US || receivedAtUs > LATEST_US) throw new Error(`the time ${receivedAtUs} µs lies outside 2009 to 2100`);
  if (latestUs > 0 && receivedAtUs > latestUs + LONGEST_GAP_US) throw new Error('the time is more than a day after the line before');
  return Math.max(latestUs, receivedAtUs);
}

/** A last line without an end may have been cut within its frame; the frames of both formats are JSON. */
function checkWhole(entry: TapeEntry): void {
  if (entry.kind !== 'opened') JSON.parse(Buffer.from(entry.bytes).toString());
}
