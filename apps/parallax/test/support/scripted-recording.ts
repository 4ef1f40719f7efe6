import { CaptureWriter } from '@parallax/recordings';
import { VirtualTime } from '@parallax/simulation';
import { channelsOf } from '@parallax/venues';
import { RecordingHttp, RecordingSockets } from '../../src/record/taps.js';
import { ScriptedMarket, SYMBOL, type ScriptedVenue } from './scripted-market.js';

const BEGIN_US = 1_760_000_000_000_000;
const STEP_US = 50_000;
const EDGE_AFTER_US = 40_000_000;
/** When the frame comes that shows the edge. */
export const EDGE_AT_US = BEGIN_US + EDGE_AFTER_US;
const VENUES: readonly ScriptedVenue[] = ['okx', 'coinbase'];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Records a scripted market, one capture a venue: books that agree for so long that their regimes are known, an edge at okx long
 * enough to be taken, then calm until the plan has come to its end. The same every time.
 */
export async function recordScript(fileOf: (venue: string) => string): Promise<string[]> {
  const time = new VirtualTime(BEGIN_US);
  const market = new ScriptedMarket(time);
  const captures = new Map<ScriptedVenue, CaptureWriter>();
  for (const venue of VENUES) {
    const { definition, feeds } = market.selections.find((one) => one.definition.id === venue)!;
    const capture = new CaptureWriter(fileOf(venue), { venue, config: { depth: [SYMBOL] }, recordedAtUs: time.nowUs() });
    captures.set(venue, capture);
    const http = new RecordingHttp(market, capture, time, venue);
    const instruments = [];
    for (const url of definition.listing.urls()) {
      const { body } = await http.get(url, { timeoutMs: 1 });
      instruments.push(...definition.listing.read(new TextDecoder().decode(body), () => {}));
    }
    const sockets = new RecordingSockets(market, capture, time, venue);
    const { stream } = definition;
    for (const plan of stream.plan(instruments, feeds)) {
      const socket = sockets.open(plan.urls[0], { onOpen: () => {}, onFrame: () => {}, onClose: () => {} });
      await turn();
      for (const text of [...stream.opening, ...stream.subscribe(channelsOf(plan), 1).map((request) => request.text)]) socket.send(text);
      await turn();
    }
  }
  const pass = (steps: number): void => {
    for (let step = 0; step < steps; step++) {
      time.advanceTo(time.nowUs() + STEP_US);
      for (const venue of VENUES) market.update(venue);
    }
  };
  // A quote that has not moved for long is no ground for a trade.
  for (let second = 0; second < EDGE_AFTER_US; second += 1_000_000) {
    const up = (second / 1_000_000) % 2 === 0 ? 1 : 0;
    for (const venue of VENUES) market.update(venue, { bid: 60_000 + up, ask: 60_002 + up });
    pass(1_000_000 / STEP_US);
  }
  market.update('okx', { bid: 60_100, ask: 60_102 });
  pass(10);
  market.update('okx', { bid: 60_000, ask: 60_002 });
  pass(60);
  await Promise.all([...captures.values()].map((capture) => capture.close()));
  return [...captures.values()].map(({ file }) => file);
}
