import { readFile } from 'node:fs/promises';
import { readRecording, type Recording } from '@parallax/recordings';
import { atLeastAsFine, ParallaxError, type Decimals, type InstrumentSpecification } from '@parallax/types';
import { decodeJson, instrumentSpecificationSchema } from '@parallax/wire';
import { z } from 'zod';
import { decimalsIn, inferred } from './infer.js';

/** What a recording's frames are read by, and what had to be assumed for it, in sentences for people. */
export interface RecordedInstruments {
  readonly instruments: InstrumentSpecification[];
  readonly assumed: string[];
}

/**
 * The instruments of a recording, best source first: `--instruments`, the recording's own listing, the catalogue; and for a
 * symbol that none of them knows, scales inferred from the numbers that its frames carry, marked `inferred`. Scales are as
 * fine as those numbers in any case. What is in the recording and of which no status is known, is taken as trading: else
 * nothing would be taken of it.
 * @throws ParallaxError `INPUT_REFUSED` for a file of instruments that cannot be read, and a symbol that the recording has not.
 */
export async function instrumentsOf(recording: Recording, symbol: string | undefined, file: string | undefined): Promise<RecordedInstruments> {
  const { definition } = recording;
  const found = new Map<string, InstrumentSpecification>(definition.catalogue.map((one) => [one.venueSymbol, one]));
  for (const one of await listed(recording)) found.set(one.venueSymbol, one);
  for (const one of file === undefined ? [] : await fromFile(file)) if (one.venue === definition.id) found.set(one.venueSymbol, one);
  const carried = await decimalsIn(recording);
  const wanted = symbol === undefined ? recording.venueSymbol : wantedIn(recording, symbol, found, carried);
  if (wanted !== '' && !found.has(wanted)) found.set(wanted, inferred(definition.id, wanted, symbol, carried.get(wanted) ?? { price: 0, size: 0 }));
  const assumed: string[] = [];
  for (const [venueSymbol, decimals] of carried) {
    const known = found.get(venueSymbol) ?? inferredOrNot(definition.id, venueSymbol, decimals, assumed);
    if (known === null) continue;
    const isMeant = wanted === '' || venueSymbol === wanted;
    if (known.status === 'unknown' && isMeant) {
      assumed.push(`${known.venue} ${known.symbol} is taken as trading: no listing says otherwise${known.source === 'inferred' ? '; its scales and steps are inferred' : ''}`);
    }
    const status = !isMeant ? 'halted' : known.status === 'unknown' ? 'trading' : known.status;
    found.set(venueSymbol, { ...atLeastAsFine(known, decimals), status });
  }
  return { instruments: [...found.values()], assumed };
}

/** The venue's name of the symbol that is wanted of a recording. The frames say what they are of; a wish that contradicts them is told. */
function wantedIn(
  { file, venueSymbol }: Recording, symbol: string, found: ReadonlyMap<string, InstrumentSpecification>, carried: ReadonlyMap<string, Decimals>,
): string {
  const known = [...found.values()].find((one) => one.symbol === symbol)?.venueSymbol;
  if (venueSymbol !== '') {
    const own = found.get(venueSymbol);
    if (own === undefined || own.symbol === symbol) return venueSymbol;
    throw new ParallaxError('INPUT_REFUSED', `${file} is of ${own.symbol}, not of ${symbol}`, { place: '--symbol' });
  }
  // A venue that nothing here lists may write the symbol with a dash, or as it is.
  const name = [known, symbol, symbol.replace('/', '-')].find((one) => one !== undefined && carried.has(one));
  if (name !== undefined) return name;
  const names = [...carried.keys()].map((one) => found.get(one)?.symbol ?? one);
  throw new ParallaxError('INPUT_REFUSED', `${file} is of ${names.slice(0, 20).join(', ') || 'no symbol'}, not of ${symbol}`, { place: '--symbol' });
}

function inferredOrNot(venue: string, venueSymbol: string, decimals: Decimals, assumed: string[]): InstrumentSpecification | null {
  try {
    return inferred(venue, venueSymbol, undefined, decimals);
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    assumed.push(`${venue} ${venueSymbol} is left out: ${error.message}`);
    return null;
  }
}

async function listed(recording: Recording): Promise<InstrumentSpecification[]> {
  if (recording.format === 'timestamped') return [];
  const found: InstrumentSpecification[] = [];
  for await (const entry of readRecording(recording, () => {})) {
    if (entry.kind === 'stream') break;
    if (entry.kind === 'listing') found.push(...recording.definition.listing.read(new TextDecoder().decode(entry.bytes), () => {}));
  }
  return found;
}

async function fromFile(file: string): Promise<InstrumentSpecification[]> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new ParallaxError('INPUT_REFUSED', `cannot read ${file}: ${error.message}`, { place: '--instruments' });
  });
  try {
    return decodeJson(z.array(instrumentSpecificationSchema), bytes);
  } catch (error) {
    throw new ParallaxError('INPUT_REFUSED', `${file} is no list of instrument specifications: ${(error as Error).message}`, { place: '--instruments' });
  }
}
