import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { EventOrigin, TraceStep, Tracing } from '@parallax/types';
import { Stand } from './stand.js';

let stand: Stand;
let steps: TraceStep[];
/** What was done with frames, in order. */
let frames: string[];

beforeEach(async () => {
  steps = [];
  frames = [];
  const idOf = (text: string, digits: number): string => Buffer.from(text).toString('hex').padEnd(digits, '0').slice(-digits);
  const tracing: Tracing = {
    frameStarted: (connection, frame) => void frames.push(`started ${connection}:${frame}`),
    frameTouched: (instrument) => void frames.push(`touched ${instrument}`),
    frameFinished: () => void frames.push('finished'),
    keep: () => {},
    contextOfFrame: ({ venue }: EventOrigin) => `00-${idOf(venue, 32)}-${idOf('frame', 16)}-01`,
    contextOfStep: (within, step) => (within === undefined ? undefined : `${within.slice(0, 36)}${idOf(step, 16)}-01`),
    step: (step) => void steps.push(step),
  };
  stand = await Stand.open((bus) => bus, tracing);
  await stand.market('binance', 60_000, 60_001, true);
  await stand.market('okx', 60_000, 60_001, true);
});
afterEach(async () => {
  expect(stand.errors).toEqual([]);
  await stand.close();
});

test('each quote is a frame that is begun, told of, and finished', () => {
  expect(frames).toEqual([expect.stringMatching(/^started 1:/), expect.stringMatching(/^touched /), 'finished', expect.stringMatching(/^started 2:/), expect.stringMatching(/^touched /), 'finished']);
  expect(new Set(frames).size).toBe(5);
});

test('an opportunity and its intent stand in the trace of its frame, and the intent has its span once it is stored', async () => {
  await stand.market('okx', 60_100);
  const [opened] = await stand.opportunities();
  const [intent] = await stand.intents();
  expect(stand.service.health().counters).toMatchObject({ told: 1, failed: 0 });
  expect(stand.kept).toMatchObject([{ traceparent: opened.traceparent, services: ['ingestion', 'normalisation', 'arbitrage'] }]);
  expect([intent.traceparent?.slice(0, 35), intent.traceparent === opened.traceparent]).toEqual([opened.traceparent!.slice(0, 35), false]);
  expect(steps).toMatchObject([
    { within: opened.traceparent, step: 'intent', key: intent.id, attributes: { 'parallax.opportunity': opened.id, 'parallax.expected_net': intent.expectedNet } },
  ]);
  await stand.market('okx', 60_000);
  // The end of it wants no frames of its own.
  expect([stand.kept.length, stand.service.health().counters.told]).toEqual([1, 2]);
});
