import { expect, test } from '@jest/globals';
import { VenueNormaliser } from '@parallax/normalisation';
import { InstrumentTable, RawKind } from '@parallax/types';
import { VENUES } from '@parallax/venues';
import { RawWriter, subjects } from '@parallax/wire';
import { VenueConnections } from './connections.js';
import { FrameStages } from './frame-stages.js';

const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;
const definition = VENUES.get('binance')!;
const ignore = (): void => {};

/** Connections of one venue, told what a socket's frames would tell. */
function stand(): { connections: VenueConnections; faulted: number[]; tell: (connection: number, kind: number, atUs: number) => void } {
  const sink = { onQuote: ignore, onBook: ignore, onTrades: ignore, onDeadLetter: ignore, onSnapshotWanted: ignore, onTrust: ignore };
  const normaliser = new VenueNormaliser(definition, new InstrumentTable(), sink);
  const faulted: number[] = [];
  const closed = normaliser.onConnectionClosed.bind(normaliser);
  normaliser.onConnectionClosed = (connection, nowUs) => {
    faulted.push(connection);
    closed(connection, nowUs);
  };
  const connections = new VenueConnections(normaliser, { clock: { nowUs: () => START_US } }, () => -1, new FrameStages({}));
  const writers = new Map<number, RawWriter>();
  const tell = (connection: number, kind: number, receivedAtUs: number, epoch = 0): void => {
    const writer = writers.get(connection) ?? new RawWriter();
    writers.set(connection, writer);
    const text = kind === RawKind.stream ? '{"result":null,"id":1}' : '';
    writer.write({ connection, frame: 1, receivedAtUs, epoch, kind }, Buffer.from(text), (message) => {
      connections.onMessage(subjects.raw(definition.id, connection), message.slice(), 'BTC/USDT');
    });
  };
  return { connections, faulted, tell };
}

test('a connection is open from its first word on, and until it is closed', () => {
  const { connections, tell } = stand();
  tell(1, RawKind.opened, START_US);
  tell(1, RawKind.stream, START_US);
  tell(2, RawKind.opened, START_US);
  expect([connections.open(START_US), connections.opened]).toEqual([2, 2]);
  tell(1, RawKind.closed, START_US);
  expect([connections.open(START_US), connections.opened]).toEqual([1, 2]);
});

test('who began to listen after the sockets opened knows them by their frames', () => {
  const { connections, tell } = stand();
  tell(1, RawKind.stream, START_US);
  tell(1, RawKind.stream, START_US);
  expect([connections.open(START_US), connections.opened]).toEqual([1, 1]);
});

test('a snapshot that comes after the end of its connection does not open it again', () => {
  const { connections, tell } = stand();
  tell(1, RawKind.stream, START_US);
  tell(1, RawKind.closed, START_US);
  tell(1, RawKind.snapshot, START_US);
  expect(connections.open(START_US)).toBe(0);
});

test('a connection whose ingestion died without a word is gone after twice the silence that ingestion bears', () => {
  const { connections, tell } = stand();
  tell(1, RawKind.stream, START_US);
  const goneAtUs = START_US + definition.stream.silenceMs * 2_000;
  expect([connections.open(goneAtUs - 1), connections.open(goneAtUs)]).toEqual([1, 0]);
  tell(1, RawKind.stream, goneAtUs);
  expect([connections.open(goneAtUs), connections.opened]).toEqual([1, 1]);
});

test.each([0, -3_600, 3_600])('connections whose end was never heard are not kept for ever, and their books are lost with them, whatever the time of who receives (%d s)', (ahead) => {
  const { connections, faulted, tell } = stand();
  const at = (second: number): number => START_US + second * SECOND_US;
  tell(1, RawKind.stream, at(ahead));
  connections.forget(at(0));
  tell(2, RawKind.stream, at(500 + ahead));
  connections.forget(at(500));
  connections.forget(at(599));
  expect([connections.kept, faulted]).toEqual([2, []]);
  connections.forget(at(600));
  expect([connections.kept, faulted]).toEqual([1, [1]]);
  // One that goes on after all is another to whoever looks for what it missed.
  tell(1, RawKind.stream, at(601 + ahead));
  connections.forget(at(602));
  expect([connections.kept, connections.opened]).toEqual([2, 3]);
});
