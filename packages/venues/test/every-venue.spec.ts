import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isBridged } from '@parallax/book';
import { InstrumentTable, marketKindOf } from '@parallax/types';
import { channelsOf, VENUES, type Rate } from '../src/index.js';
import { readerOf } from './support/bench-reader.js';
import { hearingOf } from './support/hearing.js';
import { capturePath, haveCaptures } from './support/captures.js';

/** What ADDING_A_VENUE.md promises of every venue in the registry; a new one is held to it without a line here. */
const SOURCES = join(import.meta.dirname, '../src');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each([...VENUES.values()].map((definition) => [definition.id, definition] as const))('%s', (id, definition) => {
  const guide = readFileSync(join(SOURCES, id, 'README.md'), 'utf8');

  test('the folder is named by the id and says what proves each channel', () => {
    expect(guide.startsWith(`# ${id}\n`)).toBe(true);
    expect(guide).toContain('\n## Evidence\n');
    expect(guide).toMatch(/\nDocuments: /);
    const rows = guide.split('\n').filter((line) => /^\| .+ \|$/.test(line)).map((line) => line.slice(2, -2).split(' | '));
    expect(rows[0]).toEqual(['channel, variant', 'state', 'proved by']);
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows) {
      expect(row).toHaveLength(3);
      for (const cell of row) expect(cell.trim()).not.toBe('');
    }
  });

  (haveCaptures ? test : test.skip)('the recordings that it names exist', () => {
    const named = [...guide.matchAll(/`((?:captures|ticks)\/[\w./*-]+)`/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(0);
    for (const path of named) expect([path, existsSync(capturePath('..', path.replace(/\/[^/]*\*.*$/, '')))]).toEqual([path, true]);
  });

  test('limits and fees are numbers that can be', () => {
    for (const limit of Object.values(definition.limits) as (number | Rate)[]) {
      for (const value of typeof limit === 'number' ? [limit] : [limit.amount, limit.everyMs]) expect(value).toBeGreaterThan(0);
    }
    for (const { maker, taker, source } of Object.values(definition.fees)) {
      for (const fee of [maker, taker]) {
        expect(fee).toMatch(/^-?0(\.\d+)?$/);
        expect(Math.abs(Number(fee))).toBeLessThan(0.02);
      }
      expect(source).toMatch(/^https:\/\/\S+, \S/);
    }
    // Every kind of market that it lists has rates of its own.
    for (const kind of new Set(definition.catalogue.map(marketKindOf))) expect(definition.fees[kind]).toBeDefined();
    expect(definition.stream.silenceMs).toBeGreaterThan(0);
    expect(definition.stream.lifetimeMs ?? Infinity).toBeGreaterThan(600_000);
  });

  test('it says what it owes on each feed, and how a calm connection shows that it lives', () => {
    const { owes, beats, keepAlive, silenceMs } = definition.stream;
    for (const feed of definition.feeds) {
      const { everyMs } = owes[feed];
      // What is owed so often that a hiccup of the network is a fault would make a storm of new connections.
      expect([feed, everyMs === null || everyMs >= 5_000]).toEqual([feed, true]);
    }
    // Where it does not beat of its own accord it must answer something before it counts as dead.
    if (!beats) expect(keepAlive!.afterMs).toBeLessThan(silenceMs);
  });

  test('the catalogue holds instruments of this venue, each once, on its steps', () => {
    const instruments = new InstrumentTable();
    expect(definition.catalogue.length).toBeGreaterThan(0);
    for (const one of definition.catalogue) {
      expect([one.venue, one.source]).toEqual([id, 'catalogue']);
      expect(one.symbol).toBe(`${one.base}/${one.quote}${one.kind === 'spot' ? '' : `:${one.settle}`}`);
      expect(instruments.find(id, one.symbol)).toBe(-1);
      instruments.add(one);
      for (const step of [one.priceStep, one.sizeStep, one.minimumSize]) expect(Number.isSafeInteger(step) && step > 0).toBe(true);
      expect(one.minimumSize % one.sizeStep).toBe(0);
    }
  });

  test('plans carry every instrument and feed, and go where endpoints say', () => {
    const endpoints = { stream: 'ws://127.0.0.1:9/x', rest: 'http://127.0.0.1:9/x' };
    const wanted = definition.catalogue.slice(0, 3);
    const carried = (plans: ReturnType<typeof definition.stream.plan>): Set<string> =>
      new Set(plans.flatMap(channelsOf).map(({ instrument, feed }) => `${instrument.symbol} ${feed}`));
    const all = new Set(wanted.flatMap(({ symbol }) => definition.feeds.map((feed) => `${symbol} ${feed}`)));
    const own = definition.stream.plan(wanted, definition.feeds);
    expect(carried(own)).toEqual(all);
    for (const plan of own) {
      expect(plan.urls.length).toBeGreaterThan(0);
      for (const url of plan.urls) expect(url).toMatch(/^wss:\/\//);
      const channels = channelsOf(plan);
      for (const requests of [definition.stream.subscribe(channels, 3), definition.stream.unsubscribe(channels, 3)]) {
        for (const { text } of requests) expect(() => JSON.parse(text) as unknown).not.toThrow();
        expect(new Set(requests.map((request) => request.id)).size).toBe(requests.length);
        expect(requests.flatMap((request) => request.channels)).toHaveLength(channels.length);
      }
    }
    const local = definition.stream.plan(wanted, definition.feeds, endpoints);
    expect(carried(local)).toEqual(all);
    for (const { urls } of local) for (const url of urls) expect(url.startsWith(endpoints.stream)).toBe(true);
    for (const url of definition.listing.urls()) expect(url).toMatch(/^https:\/\//);
    for (const host of definition.restHosts ?? []) for (const url of definition.listing.urls({ rest: host })) expect(url.startsWith(`${host}/`)).toBe(true);
    for (const url of definition.listing.urls(endpoints)) expect(url.startsWith(endpoints.rest)).toBe(true);
  });

  test('a join that needs REST snapshots has an address for them', () => {
    expect(definition.snapshots !== undefined).toBe(isBridged(definition.join));
    if (!definition.snapshots) return;
    expect(definition.snapshots.url(definition.catalogue[0])).toMatch(/^https:\/\//);
    expect(definition.snapshots.weight).toBeLessThanOrEqual(definition.limits.restWeight.amount);
  });

  test('garbage is refused with reason and place, and nothing throws', () => {
    const { reader, sink } = readerOf(definition, definition.catalogue);
    for (const text of ['', '{', '[]', '7', 'null', '{"stream":7}', '\u0000\u0001', '{"data":{}}']) {
      expect([text, reader.scan(bytes(text))]).toEqual([text, false]);
      expect([text, sink.take()]).toEqual([text, '']);
      reader.plain(bytes(text));
      // Nothing is read and nothing is passed over in silence.
      expect([text, sink.take()]).toEqual([text, expect.stringMatching(/^(refused -?\d+ \S*: .+|notice .+)$/)]);
    }
    reader.snapshot(bytes('{}'), 0);
    expect(sink.take()).toMatch(/^refused 0 /);
    const places: string[] = [];
    expect(definition.listing.read('{}', (reason, place) => places.push(`${place}: ${reason}`))).toEqual([]);
    expect(places.length).toBeGreaterThan(0);
  });

  test('names that every object has are the names of no channel, event or status', () => {
    const { reader, sink } = readerOf(definition, definition.catalogue);
    const { hear } = hearingOf(definition, definition.catalogue);
    for (const name of ['constructor', 'toString', '__proto__']) {
      const frames = [
        `{"arg":{"channel":"${name}","instId":"BTC-USDT"},"data":[{}]}`, `{"event":"${name}"}`, `{"channel":"${name}","type":"update","data":[{"symbol":"BTC/USD"}]}`,
        `{"channel":"${name}","events":[{"product_id":"BTC-USD"}]}`, `{"method":"${name}","success":true}`, `{"stream":"btcusdt@${name}","data":{"e":"${name}","s":"BTCUSDT"}}`,
      ];
      for (const frame of frames) {
        reader.read(bytes(frame));
        expect([frame, sink.take()]).toEqual([frame, expect.stringMatching(/^(refused -1 |notice ignored)/)]);
        expect([frame, hear(frame)]).toEqual([frame, []]);
      }
    }
  });

  test('what is nested deeply is refused or told, wherever it stands, and nothing throws', () => {
    const { reader, sink } = readerOf(definition, definition.catalogue);
    const { hear } = hearingOf(definition, definition.catalogue);
    for (const deep of ['['.repeat(20_000) + ']'.repeat(20_000), '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)]) {
      const frames = [
        deep, `{"error":${deep}}`, `{"code":1,"msg":${deep}}`, `{"result":null,"id":${deep}}`, `{"event":"error","code":"1","msg":${deep}}`, `{"event":"notice","code":${deep}}`,
        `{"type":"error","message":${deep}}`, `{"method":"subscribe","success":false,"error":${deep}}`, `{"stream":"btcusdt@depth@100ms","data":${deep}}`,
        `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":${deep}}`, `{"arg":{"channel":${deep},"instId":"BTC-USDT"},"event":"subscribe"}`,
        `{"channel":"book","type":"update","data":${deep}}`, `{"channel":"l2_data","sequence_num":1,"timestamp":"2024-01-01T00:00:00Z","events":${deep}}`,
      ];
      for (const frame of frames) {
        reader.read(bytes(frame));
        expect([frame.slice(0, 60), sink.take()]).toEqual([frame.slice(0, 60), expect.stringMatching(/(^|\n)(refused|notice)/)]);
        hear(frame);
      }
      for (const body of [deep, `{"code":1,"msg":${deep}}`, `{"symbol":${deep},"lastUpdateId":1,"bids":[],"asks":[]}`, `{"lastUpdateId":1,"bids":${deep},"asks":[]}`]) {
        reader.snapshot(bytes(body), 0);
        expect(sink.take()).toMatch(/^refused 0 /);
      }
      for (const listing of [deep, `{"code":1,"msg":${deep}}`, `{"symbols":${deep}}`, `{"symbols":[{"symbol":"A","status":${deep}}]}`, `{"products":${deep}}`]) definition.listing.read(listing, () => {});
    }
  });
});
