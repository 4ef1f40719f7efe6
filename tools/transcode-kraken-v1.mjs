#!/usr/bin/env node
/**
 * Writes a Kraken WebSocket v1 recording (cryptofeed JSON lines, see captures/FORMAT.md) as the same session in the text
 * of v2. No continuous v2 recording is at hand; prices, quantities, times and checksums are the recording's own, so the
 * result proves the v2 reader and its checksum. It is DERIVED, marked so in its header, and never committed.
 *
 *   node tools/transcode-kraken-v1.mjs cryptofeed-KRAKEN-part.jsonl.gz > kraken-v2.jsonl
 *
 * What is changed, and how:
 * - names: XBT becomes BTC, XDG becomes DOGE; arrays become objects with the documented field order of v2;
 * - numbers lose their quotes and trailing zeros down to one decimal (`354.15000000` → `354.15`, `0.00000000` → `0.0`),
 *   as in the examples of the venue's documents; the checksum is then only right if the reader pads by the precision;
 * - v1's checksum is summed over its texts, which pad prices with zeros beyond the pair's precision: how many decimals
 *   they have is noted as `price_text_decimals` in AssetPairs (v2 pads to the precision itself);
 * - times in seconds become RFC 3339; a book message has the time of its newest level;
 * - the checksum text becomes a number; v1's snapshots have none, so they get none (v2 sends one);
 * - trades have no id in v1: they are numbered from 1 for each pair (made up);
 * - the ticker's change and change_pct are left out (v1 has no such fields), and it has no time.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const MODERN = { XBT: 'BTC', XDG: 'DOGE' };
const ORDER_TYPES = { l: 'limit', m: 'market' };
const ADDRESS = 'wss://ws.kraken.com/v2';

const modernPair = (pair) => pair.split('/').map((code) => MODERN[code] ?? code).join('/');
const decimalsOf = (text) => (text.split('.')[1] ?? '').length;

/** The text of a v1 decimal as v2 writes the number. */
export function numberText(text) {
  const [whole, fraction = ''] = text.split('.');
  return `${whole}.${fraction.replace(/0+$/, '') || '0'}`;
}

/** `1618678133.365913` as RFC 3339. */
export function timeText(seconds) {
  const [whole, fraction = ''] = seconds.split('.');
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

const newest = (levels) => levels.map((level) => level[2]).reduce((a, b) => (Number(a) >= Number(b) ? a : b));
const sideText = (levels) => `[${levels.map(([price, size]) => `{"price":${numberText(price)},"qty":${numberText(size)}}`).join(',')}]`;

function bookText(message) {
  const parts = Object.assign({}, ...message.slice(1, -2));
  const snapshot = parts.as !== undefined || parts.bs !== undefined;
  const bids = parts.b ?? parts.bs ?? [];
  const asks = parts.a ?? parts.as ?? [];
  const checksum = parts.c === undefined ? '' : `,"checksum":${Number(parts.c)}`;
  const time = bids.length + asks.length > 0 ? `,"timestamp":"${timeText(newest([...bids, ...asks]))}"` : '';
  return `{"channel":"book","type":"${snapshot ? 'snapshot' : 'update'}","data":[{"symbol":"${modernPair(message.at(-1))}",` +
    `"bids":${sideText(bids)},"asks":${sideText(asks)}${checksum}${time}}]}`;
}

function tradeText(message, ids) {
  const pair = message.at(-1);
  const trades = message[1].map(([price, size, seconds, side, type]) => {
    const id = (ids.get(pair) ?? 0) + 1;
    ids.set(pair, id);
    return `{"symbol":"${modernPair(pair)}","side":"${side === 'b' ? 'buy' : 'sell'}","price":${numberText(price)},` +
      `"qty":${numberText(size)},"ord_type":"${ORDER_TYPES[type]}","trade_id":${id},"timestamp":"${timeText(seconds)}"}`;
  });
  return `{"channel":"trade","type":"update","data":[${trades.join(',')}]}`;
}

function tickerText(message) {
  const { a, b, c, v, p, l, h } = message[1];
  const fields = { bid: b[0], bid_qty: b[2], ask: a[0], ask_qty: a[2], last: c[0], volume: v[1], vwap: p[1], low: l[1], high: h[1] };
  const text = Object.entries(fields).map(([name, value]) => `"${name}":${numberText(value)}`).join(',');
  return `{"channel":"ticker","type":"update","data":[{"symbol":"${modernPair(message.at(-1))}",${text}}]}`;
}

/** One v1 frame as v2 text. `ids` numbers the trades of each pair. */
export function frameText(text, ids) {
  const message = JSON.parse(text);
  if (Array.isArray(message)) {
    const channel = message.at(-2);
    if (channel.startsWith('book')) return bookText(message);
    if (channel === 'trade') return tradeText(message, ids);
    if (channel === 'ticker') return tickerText(message);
    throw new Error(`no v2 text for channel ${channel}`);
  }
  if (message.event === 'heartbeat') return '{"channel":"heartbeat"}';
  if (message.event === 'systemStatus') {
    return JSON.stringify({ channel: 'status', type: 'update', data: [{ api_version: 'v2', system: message.status, version: message.version }] });
  }
  if (message.event === 'subscriptionStatus') {
    const { name, depth } = message.subscription;
    const result = { channel: name, ...(depth && { depth }), snapshot: true, symbol: modernPair(message.pair) };
    return JSON.stringify({ method: 'subscribe', result, success: message.status === 'subscribed' });
  }
  throw new Error(`no v2 text for event ${message.event}`);
}

/** The decimals that the recorded prices of each pair have, by v1 name. */
function precisionsOf(records) {
  const precisions = new Map();
  for (const record of records) {
    if (record.t !== 'recv' || !record.data.startsWith('[')) continue;
    const message = JSON.parse(record.data);
    if (!message.at(-2).startsWith('book')) continue;
    const level = message.slice(1, -2).flatMap((part) => part.as ?? part.bs ?? part.a ?? part.b ?? [])[0];
    if (level) precisions.set(message.at(-1), { price_text_decimals: decimalsOf(level[0]) });
  }
  return precisions;
}

function listingText(text, precisions) {
  const body = JSON.parse(text);
  for (const pair of Object.values(body.result)) Object.assign(pair, precisions.get(pair.wsname));
  return JSON.stringify(body);
}

function requestText(text) {
  const { event, pair, subscription } = JSON.parse(text);
  const { name, depth } = subscription;
  return JSON.stringify({ method: event, params: { channel: name, symbol: pair.map(modernPair), ...(depth && { depth }), snapshot: true } });
}

/** The records of a v1 recording (one object a line) as records of the same session in v2. */
export function* transcode(records) {
  const precisions = precisionsOf(records);
  const ids = new Map();
  for (const record of records) {
    if (record.t === 'header') yield { ...record, derived: 'WebSocket v1 written as v2 by tools/transcode-kraken-v1.mjs' };
    else if (record.t === 'http') yield { ...record, data: listingText(record.data, precisions) };
    else if (record.t === 'connect') yield { ...record, addr: ADDRESS };
    else if (record.t === 'send') yield { ...record, addr: ADDRESS, data: requestText(record.data) };
    else yield { ...record, data: frameText(record.data, ids) };
  }
}

/** The records of a recording file, gzipped or not. */
export function recordsOf(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const path = process.argv[2];
  if (path === undefined) {
    process.stderr.write('usage: node tools/transcode-kraken-v1.mjs <recording.jsonl[.gz]>\n');
    process.exitCode = 2;
  } else {
    for (const record of transcode(recordsOf(path))) process.stdout.write(`${JSON.stringify(record)}\n`);
  }
}
