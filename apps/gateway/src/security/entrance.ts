import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '@parallax/service-host';
import type { Clock, Counters, Timers, Trouble } from '@parallax/types';
import { hashOfKey, type Access, type Given } from './access.js';
import { PATIENCE, WrongKeys } from './wrong-keys.js';

/** Who sent too many wrong keys waits so long for each further answer to one. */
const SLOWED_MS = 1_000;
/** More of them do not wait at once: each holds a connection. */
const MOST_WAITING = 100;
/** So many addresses are named; of the others their number is told. */
const MOST_NAMED = 3;
const ADD_A_KEY = 'set PARALLAX_API_KEY (or its file) and start the gateway again, or put the hash of one into the bucket api-keys; '
  + 'on loopback PARALLAX_LOOPBACK_WITHOUT_KEY=allowed opens it without one at the next start';

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

/** By what somebody was let in: the hash of a key; null: none was needed. */
export type Pass = string | null;

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
    const troubles: Trouble[] = [];
    if (this.access.isShut) {
      const summary = `no API key is configured any more, so the gateway lets nobody in, nor does its page halt: ${ADD_A_KEY}`;
      troubles.push({ key: 'no-api-key', severity: 'critical', summary });
    }
    const guessers = this.wrong.guessersAt(this.clock.nowUs());
    if (guessers.length > 0) {
      const more = guessers.length > MOST_NAMED ? ` and ${guessers.length - MOST_NAMED} more` : '';
      const who = guessers.slice(0, MOST_NAMED).join(', ') + more;
      const summary = `more than ${PATIENCE} wrong API keys came within a minute from ${who}: somebody guesses, or a program has an old key`;
      troubles.push({ key: 'wrong-keys', severity: 'warning', summary });
    }
    return troubles;
  }

  /** Whether who was let in so may stay. */
  stillAdmits(pass: Pass): boolean {
    return this.access.stillAdmits(pass);
  }

  /** @throws Problem 401 with what would be right; 429 where too many wrong keys came. */
  async admit({ headers, address, changes, key }: Visitor): Promise<Pass> {
    // No key is right, so none is a guess.
    if (this.access.isShut) throw new Problem(401, 'NO_API_KEY', `no API key is configured, so nobody is let in: ${ADD_A_KEY}`, 'x-api-key');
    if (this.access.needsKey) {
      const given = key ?? headers['x-api-key'];
      if (this.access.isKey(given)) return hashOfKey(String(given));
      return this.refuse(given, address, new Problem(401, 'UNAUTHORISED', 'send a valid API key in the header x-api-key', 'x-api-key'));
    }
    if (!changes || this.access.isStartToken(headers['x-parallax-token'])) return null;
    return this.refuse(headers['x-parallax-token'], address, new Problem(
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
