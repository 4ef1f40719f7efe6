import { ParallaxError, type Random } from '@parallax/types';
import type { Bus, StateBucket } from './bus.js';
import type { IdentityPlace } from './topology.js';

/** 64 bits: two buses do not meet in one name. */
const IDENTITY_BYTES = 8;

/** Gives shared state its identity where it has none; of several at once one makes it. Whether this one did. */
export async function ensureIdentity(bucket: Pick<StateBucket, 'get' | 'put'>, key: string, random: Random): Promise<boolean> {
  if ((await bucket.get(key)) !== null) return false;
  try {
    await bucket.put(key, Buffer.from(random.id(IDENTITY_BYTES)), 0);
    return true;
  } catch (error) {
    if (!(error instanceof ParallaxError) || error.code !== 'STATE_CONFLICT') throw error;
    return false;
  }
}

/**
 * The identity of the bus: another one where its shared state was lost and made anew, and then no revision, epoch or
 * sequence of before may be compared with one of now. @throws ParallaxError `SERVICE_MISSING` where it has none.
 */
export async function readIdentity(bus: Bus, { bucket, key }: IdentityPlace): Promise<string> {
  const entry = await bus.state(bucket).get(key);
  if (entry?.bytes) return Buffer.from(entry.bytes).toString();
  throw new ParallaxError('SERVICE_MISSING', 'the bus has no identity yet: `bin/parallax provision` gives it one', { place: `${bucket} ${key}` });
}
