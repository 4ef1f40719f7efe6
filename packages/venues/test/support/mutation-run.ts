import { expect } from '@jest/globals';
import type { InstrumentSpecification } from '@parallax/types';
import type { VenueDefinition } from '../../src/index.js';
import { readerOf, report } from './bench-reader.js';
import { BYTE_MUTATIONS, JSON_MUTATIONS, Mutator } from './mutate.js';
import { SeededRandom } from './random.js';

const ROUNDS = 12_000;

interface Listed {
  readonly trades?: unknown;
  readonly tickers?: unknown;
}

/** How many things a frame holds that are taken or refused each by itself: books, trades, quotes. */
function partsOf(bytes: Uint8Array): number {
  try {
    const { data, events } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { data?: unknown; events?: unknown };
    const within = (event: Listed | null): number =>
      [event?.trades, event?.tickers].reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0) || 1;
    if (Array.isArray(events)) return (events as (Listed | null)[]).reduce((sum, event) => sum + within(event), 0);
    return Array.isArray(data) ? data.length : 1;
  } catch {
    return 1;
  }
}

/** How many of them a reading took or refused. */
function toldOf(reading: string): number {
  return reading.split('\n').reduce((sum, line) => {
    if (line.startsWith('trades ')) return sum + line.split(' ').length - 3;
    return sum + (/^(depth|ticker|refused) /.test(line) ? 1 : 0);
  }, 0);
}

/**
 * Mutates real frames and holds a reader to its promises: it never throws, both paths agree, each part of a frame is taken
 * as a whole or not at all, and a refusal names reason and place. At least half of the mutated frames are still JSON.
 */
export function mutateFrames(definition: VenueDefinition, specifications: readonly InstrumentSpecification[], all: readonly Uint8Array[]): void {
  const { reader, sink } = readerOf(definition, specifications);
  // Kinds are drawn before frames, so that rare ones are mutated often enough; those of the market thrice.
  const byKind = new Map<string, Uint8Array[]>();
  for (const frame of all) {
    reader.plain(frame);
    const kind = sink.take().split('\n').map((line) => line.split(' ').slice(0, line.startsWith('notice') ? 2 : 1).join(' ')).join();
    byKind.set(kind.replace('sequence,', ''), [...(byKind.get(kind.replace('sequence,', '')) ?? []), frame]);
  }
  const kinds = [...byKind];
  const weighted = kinds.flatMap(([kind, frames]) => (kind.startsWith('notice') ? [frames] : [frames, frames, frames]));
  const random = new SeededRandom(20_261_121);
  const mutator = new Mutator(random);
  const seen = new Set<string>();
  const differences: string[] = [];
  const count = { json: 0, scanned: 0, refused: 0, unread: 0, unchanged: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const frame = random.pick(random.pick(weighted));
    const { mutation, bytes, isJson } = mutator.mutate(frame, random.pick(all));
    seen.add(mutation);
    if (isJson) count.json++;
    if (Buffer.compare(frame, bytes) === 0) count.unchanged++;
    const took = reader.scan(bytes);
    const fast = sink.take();
    const refusals = sink.refusals.length;
    reader.plain(bytes);
    const slow = sink.take();
    if (took) count.scanned++;
    if (sink.refusals.length > refusals) count.refused++;
    if (slow.includes(' unread ')) count.unread++;
    const text = new TextDecoder().decode(bytes.subarray(0, 400));
    if (took && fast !== slow) differences.push(`${mutation}: ${text}\n scan: ${fast}\n plain: ${slow}`);
    if (!took && fast !== '') differences.push(`${mutation}: gave up after emitting ${fast}`);
    if (slow === '') differences.push(`${mutation}: nothing came of ${text}`);
    if (slow.includes('refused') && toldOf(slow) > Math.max(1, partsOf(bytes))) differences.push(`${mutation}: taken in part: ${text}`);
    reader.read(bytes);
    if (sink.take() !== slow) differences.push(`${mutation}: read differs: ${text}`);
  }
  report(`${definition.id}: ${ROUNDS} mutated frames of ${kinds.length} kinds: ${JSON.stringify(count)}`);
  expect(differences.slice(0, 3)).toEqual([]);
  expect([...seen].sort()).toEqual([...JSON_MUTATIONS, ...BYTE_MUTATIONS].sort());
  expect(count.unread).toBeGreaterThan(ROUNDS / 200);
  expect(count.json).toBeGreaterThanOrEqual(ROUNDS / 2);
  expect(sink.refusals.filter(({ reason, place }) => reason === '' || place === '')).toEqual([]);
}
