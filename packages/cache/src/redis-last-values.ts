import type { Clock, InstrumentSpecification, RegimeEvent, Remembered, Row, Timers } from '@parallax/types';
import { regimeKey, remembered, type KeptQuote } from './kept-values.js';
import type { OpenLastValues } from './last-values.js';
import { MemoryLastValues } from './memory-last-values.js';
import { StoredReader } from './stored-reader.js';
import { fieldsAndValues, PUT_NEWER } from './redis-scripts.js';
import { storedQuote, storedRegime } from './stored-values.js';
import type { RedisPort } from './system-redis.js';

export interface CacheLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface RedisLastValuesOptions {
  readonly redis: RedisPort;
  /** Its address without what is secret. */
  readonly place: string;
  readonly market: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: CacheLog;
  /** How long changes are gathered; of several to one value only the newest is written. */
  readonly everyMs?: number;
  /** How long values outlive their last change. */
  readonly keepMs?: number;
  /** How long a starting service waits for what earlier ones left, and an ending one for its last write. */
  readonly limitMs?: number;
}

const DAY_MS = 86_400_000;
/** One command holds up neither the server nor this process for long. */
const FIELDS_AT_ONCE = 200;

/**
 * Last values in this process, written behind to Redis and recalled from there. Putting never waits for Redis, and Redis being
 * away costs nothing but what the next process would have known.
 */
export class RedisLastValues implements OpenLastValues {
  readonly counters = { cacheWritten: 0, cacheRecalled: 0, cacheRefused: 0, cacheFailed: 0 };
  private readonly memory = new MemoryLastValues();
  private readonly keys: { readonly quotes: string; readonly regimes: string };
  private readonly keepMs: number;
  private readonly limitMs: number;
  /** Keys of values that are newer here than in Redis. */
  private changedQuotes = new Set<string>();
  private changedRegimes = new Set<string>();
  private writing: Promise<void> = Promise.resolve();
  private away = false;
  private timesAway = 0;
  private closed = false;
  /** Takes the next round of writing back; null while nothing waits for one. */
  private cancel: (() => void) | null = null;

  constructor(private readonly options: RedisLastValuesOptions) {
    // The number is of the form of what is stored: another form gets another number, and neither sees the other.
    const space = `parallax:1:${options.market}`;
    this.keys = { quotes: `${space}:quotes`, regimes: `${space}:regimes` };
    this.keepMs = options.keepMs ?? DAY_MS;
    this.limitMs = options.limitMs ?? 1_000;
  }

  putQuote(specification: InstrumentSpecification, quote: Row): void {
    const key = this.memory.take(specification, quote);
    if (key === null) return;
    this.changedQuotes.add(key);
    this.schedule();
  }

  putRegime(regime: RegimeEvent): void {
    this.memory.putRegime(regime);
    this.changedRegimes.add(regimeKey(regime));
    this.schedule();
  }

  async recall(): Promise<Remembered> {
    const quotes = new Map<string, KeptQuote>();
    const regimes = new Map<string, RegimeEvent>();
    await this.within(this.read(quotes, regimes), () => this.failed(`no answer within ${this.limitMs} ms`));
    this.counters.cacheRecalled += quotes.size + regimes.size;
    // What this process has put is newer than anything that it left there.
    for (const [key, quote] of this.memory.quotes) quotes.set(key, quote);
    for (const [key, regime] of this.memory.regimes) regimes.set(key, regime);
    return { quotes: [...quotes.values()].map(remembered), regimes: [...regimes.values()] };
  }

  /** Resolves when what was put so far is written, or could not be. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.cancel?.();
    await this.within(this.flush(), () => this.failed(`the last values could not be written within ${this.limitMs} ms`));
    this.options.redis.close();
  }

  /** One round at a time: the next is planned when the last is done and something has changed. */
  private schedule(): void {
    if (this.cancel !== null || this.closed) return;
    this.cancel = this.options.timers.after(this.options.everyMs ?? 250, () => {
      void this.flush().then(() => {
        this.cancel = null;
        if (this.changedQuotes.size + this.changedRegimes.size > 0) this.schedule();
      });
    });
  }

  private async within(work: Promise<void>, onLate: () => void): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<'late'>((resolve) => (cancel = this.options.timers.after(this.limitMs, () => resolve('late'))));
    if ((await Promise.race([work, late])) === 'late') onLate();
    cancel();
  }

  private async read(quotes: Map<string, KeptQuote>, regimes: Map<string, RegimeEvent>): Promise<void> {
    const { redis, clock, log } = this.options;
    const reader = new StoredReader(clock.nowUs(), this.keepMs * 1_000);
    try {
      await reader.read(this.keys.quotes, redis, (fields) => reader.quotes(fields, quotes));
      await reader.read(this.keys.regimes, redis, (fields) => reader.regimes(fields, regimes));
      this.reached();
    } catch (error) {
      this.failed((error as Error).message);
    }
    this.counters.cacheRefused += reader.refused;
    if (reader.refused > 0) log.warn('stored last values were refused', { refused: reader.refused, examples: reader.examples });
  }

  private async write(): Promise<void> {
    const [quotes, regimes] = [this.changedQuotes, this.changedRegimes];
    if (quotes.size + regimes.size === 0) return;
    this.changedQuotes = new Set();
    this.changedRegimes = new Set();
    try {
      await this.writeAll(this.keys.quotes, quotes, (key) => storedQuote(this.memory.quotes.get(key)!));
      await this.writeAll(this.keys.regimes, regimes, (key) => storedRegime(this.memory.regimes.get(key)!));
    } catch (error) {
      // Tried again with the next; the number of values bounds what waits.
      for (const key of quotes) this.changedQuotes.add(key);
      for (const key of regimes) this.changedRegimes.add(key);
      this.failed((error as Error).message);
      return;
    }
    this.counters.cacheWritten += quotes.size + regimes.size;
    this.reached();
  }

  private async writeAll(hash: string, keys: ReadonlySet<string>, valueOf: (key: string) => Buffer): Promise<void> {
    const all = [...keys];
    for (let from = 0; from < all.length; from += FIELDS_AT_ONCE) {
      const pairs = all.slice(from, from + FIELDS_AT_ONCE).map((key): [string, Buffer] => [key, valueOf(key)]);
      await this.options.redis.script(PUT_NEWER, hash, [String(this.keepMs), fieldsAndValues(pairs)]);
    }
  }

  /** Said once for each time that it is away, by the number of the time, so that the log does not hold it back. */
  private failed(reason: string): void {
    this.counters.cacheFailed++;
    if (this.away) return;
    this.away = true;
    this.options.log.warn('the cache of last values cannot be used; everything else goes on', { place: this.options.place, occurrence: ++this.timesAway, reason });
  }

  private reached(): void {
    if (!this.away) return;
    this.away = false;
    this.options.log.info('the cache of last values is there again', { place: this.options.place, occurrence: this.timesAway });
    // It may have come back empty.
    for (const key of this.memory.quotes.keys()) this.changedQuotes.add(key);
    for (const key of this.memory.regimes.keys()) this.changedRegimes.add(key);
    if (this.memory.quotes.size + this.memory.regimes.size > 0) this.schedule();
  }
}
