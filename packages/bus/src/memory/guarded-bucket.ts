import type { StateBucket } from '../bus.js';
import { refused } from '../faults.js';
import type { Rights } from '../rights.js';
import type { StateStore } from './state-store.js';

interface BucketOwner {
  checkOpen(): void;
  watching(watch: { stop(): void }): void;
  onHandlerError(error: unknown, key: string): void;
}

/** A bucket as one user may use it. */
export function guardedBucket(store: StateStore, rights: Rights, owner: BucketOwner): StateBucket {
  const checkRead = (): void => {
    owner.checkOpen();
    if (!rights.mayReadState(store.name)) throw refused(`read of bucket ${store.name}`);
  };
  const checkWrite = (key: string): void => {
    owner.checkOpen();
    if (!rights.mayWriteState(store.name, key)) throw refused(`write of key "${key}" in bucket ${store.name}`);
  };
  return {
    async get(key) {
      checkRead();
      return store.get(key);
    },
    async put(key, bytes, expectedRevision) {
      checkWrite(key);
      return store.put(key, bytes, expectedRevision);
    },
    async delete(key, expectedRevision) {
      checkWrite(key);
      await store.delete(key, expectedRevision);
    },
    async keys(pattern) {
      checkRead();
      return store.keys(pattern);
    },
    async deleted(pattern) {
      checkRead();
      return store.deleted(pattern);
    },
    async watch(pattern, listener) {
      checkRead();
      const watch = await store.watch(pattern, listener, owner.onHandlerError);
      owner.watching(watch);
      return watch;
    },
  };
}
