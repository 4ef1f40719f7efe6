/** A process like ingestion: frames of two venues onto the bus at a given rate, and snapshots to those that ask. */
import { RawKind } from '@parallax/types';
import { decodeJson, encodeJson, patterns, RawWriter, snapshotRequestSchema, subjects } from '@parallax/wire';
import { answer, busAs, clock } from '../processes/child.js';
import { SignalMarket } from './market.js';
import { kindOf, symbolOf, SYMBOLS, UpdateKind, VENUE_IDS } from './schedule.js';

const TICK_MS = 1;

const bus = await busAs('ingestion');
const market = new SignalMarket();
const writers = VENUE_IDS.map(() => new RawWriter());
const frames = VENUE_IDS.map(() => 0);
const updates = VENUE_IDS.map(() => 0);
const bytes = Buffer.alloc(64 * 1024);
const connectionOf = (venue: number): number => 7_001 + venue;

/** Tells when the frame was received: the moment before it is put on the bus. */
function send(venue: number, kind: number, text: string, symbol?: string): number {
  const frame = { connection: connectionOf(venue), frame: ++frames[venue], receivedAtUs: clock.nowUs(), epoch: 1, kind };
  const headers = symbol === undefined ? undefined : { symbol };
  const length = bytes.write(text, 'latin1');
  writers[venue].write(frame, bytes.subarray(0, length), (message) => bus.publish(subjects.raw(VENUE_IDS[venue], connectionOf(venue)), message, headers));
  return frame.receivedAtUs;
}

function sendSnapshot(venue: number, symbol: number): void {
  send(venue, RawKind.snapshot, market.snapshot(venue, symbol), `COIN${symbol}/USDT${venue === 0 ? '' : ':USDT'}`);
}

bus.subscribe(patterns.snapshots, (message) => {
  const venue = VENUE_IDS.findIndex((id) => message.subject === subjects.snapshot(id));
  const symbol = Number(/^COIN(\d+)\//.exec(decodeJson(snapshotRequestSchema, message.bytes).symbol)?.[1]);
  sendSnapshot(venue, symbol);
  message.respond(encodeJson({}));
});

interface Run {
  readonly updatesPerSecond: number;
  readonly seconds: number;
  readonly edgeEvery: number;
}

export interface Played {
  readonly sent: number;
  readonly tookUs: number;
  /** Symbol and receive time of each frame that opened an edge, in their order. */
  readonly lifts: readonly (readonly [symbol: number, atUs: number])[];
}

/** Sends what is due every millisecond. */
function run({ updatesPerSecond, seconds, edgeEvery }: Run): Promise<Played> {
  const lifts: [number, number][] = [];
  const startedAtUs = clock.nowUs();
  const wanted = updatesPerSecond * seconds;
  let sent = 0;
  return new Promise((resolve) => {
    const tick = (): void => {
      const nowUs = clock.nowUs();
      const due = Math.min(wanted, Math.floor(((nowUs - startedAtUs) * updatesPerSecond) / 1e6));
      for (; sent < due; sent++) {
        const venue = sent & 1;
        const update = updates[venue]++;
        const atUs = send(venue, RawKind.stream, market.frame(venue, update, edgeEvery, nowUs));
        if (kindOf(venue, update, edgeEvery) === UpdateKind.opens) lifts.push([symbolOf(update), atUs]);
      }
      if (sent < wanted) return void setTimeout(tick, TICK_MS);
      void bus.flush().then(() => resolve({ sent, tookUs: clock.nowUs() - startedAtUs, lifts }));
    };
    tick();
  });
}

answer({
  open: async () => {
    for (const venue of VENUE_IDS.keys()) {
      send(venue, RawKind.opened, '{}');
      for (let symbol = 0; symbol < SYMBOLS; symbol++) sendSnapshot(venue, symbol);
    }
    await bus.flush();
  },
  run,
});
