import type { Bus } from '@parallax/bus';
import { BUCKETS } from '@parallax/wire';
import type { Log } from '../dependencies.js';
import type { Access } from '../security/access.js';

const HASH = /"hash"\s*:\s*"([0-9a-fA-F]{64})"/;

/**
 * Keeps `access` at the keys in shared state. An entry that cannot be read is no key, and counts as one that was meant; so does one that
 * was deleted before the start, unless `deletedOpen`.
 */
export async function watchKeys(bus: Bus, access: Access, log: Log, onUnreadable: () => void, deletedOpen: boolean): Promise<{ stop(): void }> {
  const bucket = bus.state(BUCKETS.apiKeys);
  const watch = await bucket.watch('>', ({ key, bytes }) => {
    const wasShut = access.isShut;
    const name = `shared-${key}`;
    if (bytes === null) access.remove(name);
    else if (!access.put(name, HASH.exec(new TextDecoder().decode(bytes))?.[1] ?? '')) {
      onUnreadable();
      log.warn('an API key could not be read', { place: `${BUCKETS.apiKeys}/${key}`, reason: 'it has no "hash" of 64 hexadecimal digits' });
    }
    if (access.isShut && !wasShut) log.error('no API key is left: nobody is let in until there is one', { place: BUCKETS.apiKeys });
  });
  lockWhereDeleted(await bucket.deleted(), access, log, deletedOpen);
  return watch;
}

function lockWhereDeleted(deleted: readonly string[], access: Access, log: Log, deletedOpen: boolean): void {
  if (deleted.length === 0 || access.needsKey) return;
  const place = deleted.map((key) => `${BUCKETS.apiKeys}/${key}`).join(', ');
  if (deletedOpen) return log.warn('all API keys were deleted, and PARALLAX_LOOPBACK_WITHOUT_KEY lets whoever sits at this machine in without one', { place });
  access.lock();
  log.error('all API keys were deleted before this start: nobody is let in until there is one, or PARALLAX_LOOPBACK_WITHOUT_KEY=allowed opens it', { place });
}
