import { createHash, timingSafeEqual } from 'node:crypto';

/** What a stored API key is: never the key, only its SHA-256 (keys are long and random, so a slow hash adds nothing). */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

/** What was sent as a key. */
export type Given = string | string[] | undefined;

/**
 * Who may read and change. Where a key is needed: who sends one. Otherwise (on loopback, as long as no key was ever configured) everybody
 * may read, and change what sends this start's token. The page gets the token inside its HTML, which a page of another origin cannot read: no CORS header is
 * ever sent, and the Host check keeps a rebound name out. So a web page elsewhere cannot drive a local gateway, while whoever sits
 * at the machine needs no set-up.
 */
export class Access {
  private readonly stored = new Map<string, Buffer>();
  private isKeyNeeded: boolean;

  /** `startToken` comes from a cryptographic source; `isLocal`: nobody but this machine reaches the gateway. */
  constructor(
    configured: readonly string[],
    readonly startToken: string,
    isLocal: boolean,
  ) {
    this.isKeyNeeded = !isLocal;
    configured.forEach((hash, index) => this.put(`configured-${index}`, hash));
  }

  get keys(): number {
    return this.stored.size;
  }

  /** Once so it stays so: who takes the last key away shuts the gateway, and does not open it to everybody. */
  get needsKey(): boolean {
    return this.isKeyNeeded;
  }

  /** A key is needed and there is none: nobody is let in. */
  get isShut(): boolean {
    return this.isKeyNeeded && this.stored.size === 0;
  }

  /** Takes the key that the name stands for; false: `hash` is none, and the name stands for no key any more. */
  put(name: string, hash: string): boolean {
    this.isKeyNeeded = true;
    this.stored.delete(name);
    if (!/^[0-9a-f]{64}$/i.test(hash)) return false;
    this.stored.set(name, Buffer.from(hash, 'hex'));
    return true;
  }

  /** A key was meant here once: whoever took it away did not open the gateway to everybody. */
  lock(): void {
    this.isKeyNeeded = true;
  }

  remove(name: string): void {
    this.stored.delete(name);
  }

  isKey(given: Given): boolean {
    return matches(given, [...this.stored.values()]);
  }

  /** Whether a key of this hash may come in; null: none was needed. */
  stillAdmits(hash: string | null): boolean {
    if (hash === null) return !this.isKeyNeeded;
    return [...this.stored.values()].some((stored) => stored.toString('hex') === hash);
  }

  isStartToken(given: Given): boolean {
    return matches(given, [Buffer.from(hashOfKey(this.startToken), 'hex')]);
  }
}

/** Compares digests, all of them, so that the time taken tells nothing of how close a guess came. */
function matches(given: Given, hashes: readonly Buffer[]): boolean {
  if (typeof given !== 'string' || given.length > 1_000) return false;
  const digest = Buffer.from(hashOfKey(given), 'hex');
  let found = false;
  for (const hash of hashes) found = timingSafeEqual(digest, hash) || found;
  return found;
}
