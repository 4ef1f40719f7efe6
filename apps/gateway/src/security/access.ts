import { createHash, timingSafeEqual } from 'node:crypto';

/** What a stored API key is: never the key, only its SHA-256 (keys are long and random, so a slow hash adds nothing). */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

/** What was sent as a key. */
export type Given = string | string[] | undefined;

/**
 * Who may read and change. With API keys configured: who sends one. Without any (loopback only) everybody may read, and change what
 * sends this start's token. The page gets the token inside its HTML, which a page of another origin cannot read: no CORS header is
 * ever sent, and the Host check keeps a rebound name out. So a web page elsewhere cannot drive a local gateway, while whoever sits
 * at the machine needs no set-up.
 */
export class Access {
  private readonly stored = new Map<string, Buffer>();

  /** `startToken` comes from a cryptographic source. */
  constructor(
    configured: readonly string[],
    readonly startToken: string,
  ) {
    configured.forEach((hash, index) => this.put(`configured-${index}`, hash));
  }

  get keys(): number {
    return this.stored.size;
  }

  put(name: string, hash: string | null): void {
    if (hash === null) this.stored.delete(name);
    else if (/^[0-9a-f]{64}$/i.test(hash)) this.stored.set(name, Buffer.from(hash, 'hex'));
  }

  isKey(given: Given): boolean {
    return matches(given, [...this.stored.values()]);
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
