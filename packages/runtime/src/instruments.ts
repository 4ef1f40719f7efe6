import type { Bus, StateBucket } from '@parallax/bus';
import { ParallaxError, successorOf, type InstrumentSpecification, type InstrumentTable } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, instrumentSpecificationSchema, token } from '@parallax/wire';
import type { ServiceLog } from './service.js';

/** Key of an instrument in the bucket of instruments. */
export const instrumentKeyInState = (venue: string, symbol: string): string => `${token(venue)}.${token(symbol)}`;

/** Keeps a table of instruments in step with shared state; resolves once those that are there have been read. */
export async function followInstruments(bus: Bus, table: InstrumentTable, log: ServiceLog): Promise<() => void> {
  const watch = await bus.state(BUCKETS.instruments).watch('>', ({ key, bytes }) => {
    if (!bytes) return;
    try {
      table.add(decodeJson(instrumentSpecificationSchema, bytes));
    } catch (error) {
      log.error(`the instrument ${key} cannot be read`, { error: (error as Error).message });
    }
  });
  return () => watch.stop();
}

/**
 * Writes specifications into shared state. One that stands there already is left alone; where a scale or step changed, the
 * new one carries the next version. Of two that write at once each gets a version of its own: a version means one thing.
 */
export async function publishInstruments(bus: Bus, specifications: readonly InstrumentSpecification[]): Promise<void> {
  const bucket = bus.state(BUCKETS.instruments);
  for (const specification of specifications) while (!(await publishInstrument(bucket, specification)));
}

/** Resolves with false where another wrote in between: what the next version is has to be looked at again. */
async function publishInstrument(bucket: StateBucket, specification: InstrumentSpecification): Promise<boolean> {
  const key = instrumentKeyInState(specification.venue, specification.symbol);
  const known = await bucket.get(key);
  const standing = known?.bytes ? readable(known.bytes) : null;
  const bytes = encodeJson(standing ? successorOf(standing, specification) : specification);
  if (known?.bytes && Buffer.from(known.bytes).equals(bytes)) return true;
  try {
    await bucket.put(key, bytes, known?.revision ?? 0);
    return true;
  } catch (error) {
    if (error instanceof ParallaxError && error.code === 'STATE_CONFLICT') return false;
    throw error;
  }
}

/** What stands in shared state and cannot be read is replaced like nothing. */
function readable(bytes: Uint8Array): InstrumentSpecification | null {
  try {
    return decodeJson(instrumentSpecificationSchema, bytes);
  } catch {
    return null;
  }
}
