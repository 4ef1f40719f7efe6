import { createMemoryBus } from '@parallax/bus';
import { Column, HEADER_COLUMNS, layoutOf, RowKind } from '@parallax/types';
import { rowFromBytes } from '@parallax/wire';
import { expect, test } from '@jest/globals';
import { decodeMark, encodeMark, markSubject, SteppedBus, type StepMark } from '../src/index.js';

const USER = {
  publish: ['md.>'], subscribe: ['md.>'], append: [], consumers: [], readStreams: [], readBuckets: [], writeBuckets: [],
};
const TOPOLOGY = { streams: [], buckets: [], users: [{ ...USER, name: 'player' }, { ...USER, name: 'reader' }] };
/** More than a bus handles in one turn. */
const MESSAGES = 10_000;

const mark = (step: number): Uint8Array =>
  encodeMark({ publisher: 'player', step, nowUs: (step + 1) * 1_000, final: false, appended: {} });

test('a step hands over everything that was published before its mark, however much that is', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const player = root.as('player');
  const errors: unknown[] = [];
  const told: number[] = [];
  const time = { advanceTo: (us: number) => void told.push(us) };
  const bus = new SteppedBus(root.as('reader'), { publisher: 'reader', upstreams: ['player'] }, time, (error) => errors.push(error));
  let heard = 0;
  const heardAtMark: number[] = [];
  bus.subscribe('md.raw.*.*', () => void heard++);
  let ended: (value: StepMark) => void = () => {};
  root.as('player').subscribe(markSubject('reader'), ({ bytes }) => {
    heardAtMark.push(heard);
    ended(decodeMark(bytes));
  });
  for (let step = 0; step < 3; step++) {
    const done = new Promise<StepMark>((resolve) => (ended = resolve));
    for (let i = 0; i < MESSAGES; i++) player.publish('md.raw.a.1', Uint8Array.of(1));
    player.publish(markSubject('player'), mark(step));
    expect((await done).step).toBe(step);
  }
  expect(heardAtMark).toEqual([MESSAGES, 2 * MESSAGES, 3 * MESSAGES]);
  // Whatever carries no time of its own is of the step's end.
  expect([...new Set(told)]).toEqual([1_000, 2_000, 3_000]);
  expect(errors).toEqual([]);
  await root.drain();
});

test('rows of every kind are handed over in the order of their time', async () => {
  const root = await createMemoryBus(TOPOLOGY);
  const bus = new SteppedBus(root.as('reader'), { publisher: 'reader', upstreams: ['player'] }, { advanceTo: () => {} }, (error) => { throw error; });
  const kinds = Object.values(RowKind);
  const heard: number[] = [];
  bus.subscribe('md.raw.*.*', ({ bytes }) => void heard.push(Math.floor(rowFromBytes(bytes)[Column.layout] / 256)));
  const done = new Promise<void>((resolve) => root.as('player').subscribe(markSubject('reader'), () => resolve()));
  // The last kind was received first.
  for (const [at, kind] of kinds.entries()) {
    const row = new Float64Array(HEADER_COLUMNS);
    row[Column.layout] = layoutOf(kind);
    row[Column.receivedAtUs] = 900 - at;
    root.as('player').publish('md.raw.a.1', new Uint8Array(row.buffer));
  }
  root.as('player').publish(markSubject('player'), mark(0));
  await done;
  expect(heard).toEqual(kinds.toReversed());
  await root.drain();
});

test.each(['null', '[]', '{}', '{"publisher":"a","step":1.5,"nowUs":1,"final":false,"appended":{}}', '{"publisher":"a","step":1,"nowUs":null,"final":false,"appended":{}}'])(
  'the mark %s is refused', (text) => expect(() => decodeMark(new TextEncoder().encode(text))).toThrow('no mark of a step'),
);
