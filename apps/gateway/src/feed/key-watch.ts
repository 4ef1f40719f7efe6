import type { Bus } from '@parallax/bus';
import { BUCKETS } from '@parallax/wire';
import type { Log } from '../dependencies.js';
import type { Access } from '../security/access.js';

const HASH = /"hash"\s*:\s*"([0-9a-fA-F]{64})"/;

/** Keeps `access` at the keys in shared state. An entry that cannot be read is no key, and counts as one that was meant. */
export async function watchKeys(bus: Bus, access: Access, log: Log, onUnreadable: () => void): Promise<{ stop(): void }> {
  return bus.state(BUCKETS.apiKeys).watch('>', ({ key, bytes }) => {
    const wasShut = access.isShut;
    const name = `shared-${key}`;
    if (bytes === null) access.remove(name);
    else if (!access.put(name, HASH.exec(new TextDecoder().decode(bytes))?.[1] ?? '')) {
      onUnreadable();
      log.warn('an API key could not be read', { place: `${BUCKETS.apiKeys}/${key}`, reason: 'it has no "hash" of 64 hexadecimal digits' });
    }
    if (access.isShut && !wasShut) log.error('no API key is left: nobody is let in until there is one', { place: BUCKETS.apiKeys });
  });
}
