import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../http/problem.js';

/** What a stored API key is: never the key, only its SHA-256 (keys are long and random, so a slow hash adds nothing). */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

/**
 * Who may change state. With API keys configured: who sends one as `x-api-key`. Without any (loopback only): who sends
 * this start's token as `x-parallax-token`. The page gets the token inside its HTML, which a page of another origin
 * cannot read: no CORS header is ever sent, and the Host check keeps a rebound name out. So a web page elsewhere cannot
 * drive a local gateway, while whoever sits at the machine needs no set-up.
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

  /** @throws Problem 401 with what would be right. */
  check(headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (this.keys > 0) {
      if (this.matches(headers['x-api-key'], [...this.stored.values()])) return;
      throw new Problem(401, 'UNAUTHORISED', 'send a valid API key in the header x-api-key', 'x-api-key');
    }
    if (this.matches(headers['x-parallax-token'], [Buffer.from(hashOfKey(this.startToken), 'hex')])) return;
    throw new Problem(
      401,
      'UNAUTHORISED',
      'no API key is configured, so what changes state needs this start’s token, which the page at / carries, ' +
        'in the header x-parallax-token',
      'x-parallax-token',
    );
  }

  /** Compares digests, all of them, so that the time taken tells nothing of how close a guess came. */
  private matches(given: string | string[] | undefined, hashes: readonly Buffer[]): boolean {
    if (typeof given !== 'string' || given.length > 1_000) return false;
    const digest = Buffer.from(hashOfKey(given), 'hex');
    let found = false;
    for (const hash of hashes) found = timingSafeEqual(digest, hash) || found;
    return found;
  }
}
