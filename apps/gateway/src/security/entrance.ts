import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Counters, Timers, Trouble } from '@parallax/types';
import { Problem } from '../http/problem.js';
import type { Access, Given } from './access.js';
import { WrongKeys } from './wrong-keys.js';

/** Who sent too many wrong keys waits so long for each further answer to one. */
const SLOWED_MS = 1_000;
/** More of them do not wait at once: each holds a connection. */
const MOST_WAITING = 100;

/** A request as the entrance sees it. */
export interface Visitor {
  readonly headers: IncomingHttpHeaders;
  /** Where its connection comes from. */
  readonly address: string;
  /** Whether it changes something, or only reads. */
  readonly changes: boolean;
  /** A key that came otherwise than as a header. */
  readonly key?: string | undefined;
}

/**
 * Lets in who may come. A right key is let in however many wrong ones came from the same address, which many may share: nobody can
 * keep the owner from halting. Wrong ones are counted, and answered slowly where they are many.
 */
export class Entrance {
  private readonly wrong = new WrongKeys();
  private waiting = 0;

  constructor(
    private readonly access: Access,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  get counters(): Counters {
    return { wrongKeys: this.wrong.total };
  }

  troubles(): Trouble[] {
    if (!this.wrong.isGuessedAt(this.clock.nowUs())) return [];
    const summary = `many wrong API keys come from one address (${this.wrong.total} wrong ones since the start): somebody guesses, or a program has an old key`;
    return [{ key: 'wrong-keys', severity: 'warning', summary }];
  }

  /** @throws Problem 401 with what would be right; 429 where too many wrong keys came. */
  async admit({ headers, address, changes, key }: Visitor): Promise<void> {
    if (this.access.keys > 0) {
      const given = key ?? headers['x-api-key'];
      if (this.access.isKey(given)) return;
      await this.refuse(given, address, new Problem(401, 'UNAUTHORISED', 'send a valid API key in the header x-api-key', 'x-api-key'));
    }
    if (!changes || this.access.isStartToken(headers['x-parallax-token'])) return;
    await this.refuse(headers['x-parallax-token'], address, new Problem(
      401,
      'UNAUTHORISED',
      'no API key is configured, so what changes state needs this start’s token, which the page at / carries, ' +
        'in the header x-parallax-token',
      'x-parallax-token',
    ));
  }

  /** Who sends nothing does not guess. */
  private async refuse(given: Given, address: string, problem: Problem): Promise<never> {
    if (given === undefined || given === '' || !this.wrong.add(address, this.clock.nowUs())) throw problem;
    if (this.waiting < MOST_WAITING) {
      this.waiting++;
      await new Promise<void>((resolve) => void this.timers.after(SLOWED_MS, resolve));
      this.waiting--;
    }
    const message = `too many wrong keys came from this address, and each is answered slowly now; ${problem.message}`;
    throw new Problem(429, 'TOO_MANY_WRONG_KEYS', message, problem.place, { 'retry-after': '60' });
  }
}
