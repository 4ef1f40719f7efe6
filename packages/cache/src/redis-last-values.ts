import {
  Quote, QUOTE_COLUMNS, RowKind, type Opportunity, type RegimeEvent, type RegimeHorizon, type Row, type Timers,
} from '@parallax/types';
import { bytesOfRow, decodeJson, encodeJson, opportunitySchema, regimeEventSchema, RowReader } from '@parallax/wire';
import type { Last, LastValues } from './last-values.js';
import { MemoryLastValues, regimeKey } from './memory-last-values.js';
import type { RedisPort } from './system-redis.js';

/** Families of keys. Each has its hash tag, so that all keys of one command lie in one slot of a cluster. */
const KEYS = {
  venues: 'parallax:{venues}:quote',
  quotes: (venue: string): string => `parallax:{quote:${venue}}`,
  opportunities: 'parallax:{opportunity}',
  regimes: 'parallax:{regime}',
} as const;

/** Each stored value begins with its time in 16 digits: they sort as text, and the newer one wins whoever writes it. */
const TIME_DIGITS = 16;
const PUT_NEWER = `
for i = 2, #ARGV, 2 do
  local old = redis.call('HGET', KEYS[1], ARGV[i])
  if not old or string.sub(old, 1, ${TIME_DIGITS}) <= string.sub(ARGV[i + 1], 1, ${TIME_DIGITS}) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;
const REMOVE = `return redis.call('HDEL', KEYS[1], unpack(ARGV))`;
const ADD_MEMBER = `return redis.call('SADD', KEYS[1], ARGV[1])`;
const FIELDS_AT_ONCE = 500;

export interface RedisLastValuesOptions {
  readonly redis: RedisPort;
  readonly timers: Timers;
  /** How long changes are gathered; of several to one value only the newest is written. */
  readonly everyMs?: number;
  /** How long values outlive their last change. */
  readonly keepMs?: number;
}

/**
 * Last values in this process, written behind to Redis and loaded from there at start. Reading never waits for Redis,
 * and Redis being away costs nothing but what the next process would have known.
 */
export class RedisLastValues implements LastValues {
  failures = 0;
  /** Stored values that could not be read and were left out. */
  refused = 0;
  private readonly memory = new MemoryLastValues();
  private readonly reader = new RowReader();
  /** What is to be written, by key and field; null removes. */
  private changes = new Map<string, Map<string, (() => Buffer) | null>>();
  private writing: Promise<void> = Promise.resolve();
  private cancel: () => void = () => undefined;
  private closed = false;

  constructor(private readonly options: RedisLastValuesOptions) {
    this.schedule();
  }

  putQuote(venue: string, symbol: string, quote: Row): void {
    if (!this.memory.takeQuote(venue, symbol, quote, true)) return;
    const fields = this.fieldsOf(KEYS.quotes(venue));
    if (fields.has(symbol)) return;
    // Read when it is written: ten thousand changes of one quote in between cost one write.
    fields.set(symbol, () => {
      const last = this.memory.quote(venue, symbol) as Last<Row>;
      return stored(last.atUs, bytesOfRow(last.value, QUOTE_COLUMNS));
    });
  }

  putOpportunity(opportunity: Opportunity): void {
    this.memory.putOpportunity(opportunity);
    const value = opportunity.state === 'closed' ? null : (): Buffer => stored(opportunity.atUs, encodeJson(opportunity));
    this.fieldsOf(KEYS.opportunities).set(opportunity.id, value);
  }

  putRegime(regime: RegimeEvent): void {
    this.memory.putRegime(regime);
    const field = regimeKey(regime.venue, regime.symbol, regime.horizon);
    this.fieldsOf(KEYS.regimes).set(field, () => stored(regime.atUs, encodeJson(regime)));
  }

  quote(venue: string, symbol: string): Last<Row> | null {
    return this.memory.quote(venue, symbol);
  }
  quotes(): Iterable<{ venue: string; symbol: string; last: Last<Row> }> {
    return this.memory.quotes();
  }
  opportunities(): Iterable<Last<Opportunity>> {
    return this.memory.opportunities();
  }
  regime(venue: string, symbol: string, horizon: RegimeHorizon): Last<RegimeEvent> | null {
    return this.memory.regime(venue, symbol, horizon);
  }
  regimes(): Iterable<Last<RegimeEvent>> {
    return this.memory.regimes();
  }

  async load(): Promise<number> {
    const { redis } = this.options;
    let taken = 0;
    try {
      for (const venue of await redis.members(KEYS.venues)) {
        taken += this.takeAll(await redis.fields(KEYS.quotes(venue)), (symbol, bytes) => {
          const row = this.reader.read(bytes, RowKind.quote);
          if (bytes.byteLength !== QUOTE_COLUMNS * 8 || !(row[Quote.receivedAtUs] > 0)) throw new RangeError('not a whole quote');
          return this.memory.takeQuote(venue, symbol, row, false);
        });
      }
      taken += this.takeAll(await redis.fields(KEYS.opportunities), (_, bytes) =>
        this.memory.takeOpportunity(decodeJson(opportunitySchema, bytes)),
      );
      taken += this.takeAll(await redis.fields(KEYS.regimes), (_, bytes) => this.memory.takeRegime(decodeJson(regimeEventSchema, bytes)));
    } catch {
      this.failures++;
    }
    return taken;
  }

  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.cancel();
    await this.flush();
    await this.options.redis.close();
  }

  private schedule(): void {
    this.cancel = this.options.timers.after(this.options.everyMs ?? 100, () => {
      void this.flush().then(() => (this.closed ? undefined : this.schedule()));
    });
  }

  private fieldsOf(key: string): Map<string, (() => Buffer) | null> {
    let fields = this.changes.get(key);
    if (fields === undefined) this.changes.set(key, (fields = new Map()));
    return fields;
  }

  private takeAll(fields: Readonly<Record<string, Buffer>>, takeOne: (field: string, bytes: Buffer) => boolean): number {
    let taken = 0;
    for (const [field, value] of Object.entries(fields)) {
      try {
        if (takeOne(field, value.subarray(TIME_DIGITS))) taken++;
      } catch {
        this.refused++;
      }
    }
    return taken;
  }

  private async write(): Promise<void> {
    const { changes } = this;
    this.changes = new Map();
    for (const [key, fields] of changes) {
      try {
        await this.writeKey(key, fields);
      } catch {
        this.failures++;
        // Newer changes that came meanwhile stand; the rest is tried again. The number of values bounds what waits.
        const waiting = this.fieldsOf(key);
        for (const [field, value] of fields) if (!waiting.has(field)) waiting.set(field, value);
      }
    }
  }

  private async writeKey(key: string, fields: ReadonlyMap<string, (() => Buffer) | null>): Promise<void> {
    const { redis } = this.options;
    const keepMs = String(this.options.keepMs ?? 86_400_000);
    const venue = /^parallax:\{quote:(.*)\}$/.exec(key)?.[1];
    // Each time: a Redis that came back empty must learn it again.
    if (venue !== undefined) await redis.script(ADD_MEMBER, KEYS.venues, [venue]);
    let put: (string | Buffer)[] = [];
    const removed: string[] = [];
    for (const [field, value] of fields) {
      if (value === null) removed.push(field);
      else put.push(field, value());
      if (put.length === FIELDS_AT_ONCE * 2) {
        await redis.script(PUT_NEWER, key, [keepMs, ...put]);
        put = [];
      }
    }
    if (put.length > 0) await redis.script(PUT_NEWER, key, [keepMs, ...put]);
    for (let from = 0; from < removed.length; from += FIELDS_AT_ONCE) {
      await redis.script(REMOVE, key, removed.slice(from, from + FIELDS_AT_ONCE));
    }
  }
}

function stored(atUs: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(String(atUs).padStart(TIME_DIGITS, '0')), bytes]);
}
