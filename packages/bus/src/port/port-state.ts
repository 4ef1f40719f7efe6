import type { StateBucket, StateEntry } from '../bus.js';
import { checkKey, checkPattern } from '../faults.js';
import type { PortLink } from './port-link.js';
import type { Credits, PortSubscriptions } from './port-subscriptions.js';
import { ownBytes, WINDOW, type Answer } from './protocol.js';

interface Watch {
  readonly listener: (entry: StateEntry) => void;
  readonly credits: Credits;
}

interface Owner {
  checkOpen(): void;
  checkSize(subject: string, bytes: Uint8Array): void;
  onHandlerError(error: unknown, key: string): void;
}

/** Shared state of the bus at the other end. */
export class PortState {
  private readonly watches = new Map<number, Watch>();

  constructor(
    private readonly link: PortLink,
    private readonly subscriptions: PortSubscriptions,
    private readonly owner: Owner,
  ) {}

  bucket(bucket: string): StateBucket {
    const { link, owner } = this;
    const place = (key: string): string => `key "${key}" of bucket ${bucket}`;
    const keysOf = async (op: 'keys' | 'deleted', pattern: string | undefined): Promise<string[]> => {
      owner.checkOpen();
      if (pattern !== undefined) checkPattern(pattern);
      return (await link.call({ op, bucket, pattern }, `keys of bucket ${bucket}`)) as string[];
    };
    return {
      get: async (key) => {
        owner.checkOpen();
        checkKey(key);
        return (await link.call({ op: 'get', bucket, key }, `read of ${place(key)}`)) as StateEntry | null;
      },
      put: async (key, bytes, expectedRevision) => {
        owner.checkOpen();
        checkKey(key);
        owner.checkSize(key, bytes);
        return (await link.call({ op: 'put', bucket, key, bytes: ownBytes(bytes), expectedRevision }, `write of ${place(key)}`)) as number;
      },
      delete: async (key, expectedRevision) => {
        owner.checkOpen();
        checkKey(key);
        await link.call({ op: 'delete', bucket, key, expectedRevision }, `deletion of ${place(key)}`);
      },
      keys: (pattern) => keysOf('keys', pattern),
      deleted: (pattern) => keysOf('deleted', pattern),
      watch: (pattern, listener) => this.watch(bucket, pattern, listener),
    };
  }

  take({ id, gate: _gate, ...entry }: Answer & { readonly op: 'entry' }): void {
    const watch = this.watches.get(id);
    if (watch === undefined) return;
    watch.credits.took(1);
    try {
      watch.listener({ key: entry.key, bytes: entry.bytes, revision: entry.revision });
    } catch (error) {
      this.owner.onHandlerError(error, entry.key);
    }
  }

  private async watch(bucket: string, pattern: string, listener: Watch['listener']): Promise<{ stop(): void }> {
    this.owner.checkOpen();
    checkPattern(pattern);
    const id = this.link.number();
    const credits = this.subscriptions.credits(WINDOW);
    const stop = (): void => {
      if (!this.watches.delete(id)) return;
      this.subscriptions.closeGate(credits);
      this.link.send({ op: 'unwatch', id });
    };
    this.watches.set(id, { listener, credits });
    try {
      await this.link.call({ op: 'watch', id, gate: credits.gate, bucket, pattern }, `watch of bucket ${bucket}`);
    } catch (error) {
      stop();
      throw error;
    }
    return { stop };
  }
}
