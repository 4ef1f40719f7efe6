import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus, StoredMessage } from '@parallax/bus';
import { RiskCore } from '@parallax/risk';
import { type Fill, InstrumentTable } from '@parallax/types';
import { encodeJson, STREAMS, subjects } from '@parallax/wire';
import { History } from '../src/history.js';
import { ACCOUNT, SPECIFICATIONS, Stand } from './support.js';

const DAY_US = 86_400_000_000;
const START_US = 20_000 * DAY_US;
let stand: Stand;
let nowUs: number;
beforeEach(async () => {
  stand = await new Stand().open();
  nowUs = START_US;
});
afterEach(async () => stand.close());

function historyOf(bus = stand.bus.as('risk')): { history: History; core: RiskCore; held: () => string } {
  const instruments = new InstrumentTable();
  for (const specification of SPECIFICATIONS) instruments.add(specification);
  const core = new RiskCore({ instruments });
  const history = new History(bus, core, () => nowUs, (_stream, _sequence, error) => { throw error; }, (error) => { throw error; });
  const held = (): string => core.ledger(ACCOUNT).positions.list().map(({ size }) => size).join();
  return { history, core, held };
}
async function fill(id: string): Promise<void> {
  const told: Fill = {
    id, orderId: 'o1', intentId: 'one', leg: 0, account: ACCOUNT, strategy: 'taker', venue: 'a', symbol: 'BTC/USDT', side: 'buy',
    price: '100000.00', size: '0.001', fee: '0.1', feeCurrency: 'USDT', liquidity: 'taker', atUs: nowUs,
  };
  await stand.bus.as('execution').streams.append(subjects.fill(ACCOUNT, 'a'), encodeJson(told), { id });
}
/** The bus, whose streams are read by way of `through`. */
function readingBy(bus: Bus, through: (messages: AsyncIterable<StoredMessage>) => AsyncIterable<StoredMessage>): Bus {
  return Object.create(bus, { streams: { value: { ...bus.streams, read: (...given: Parameters<Bus['streams']['read']>) => through(bus.streams.read(...given)) } } });
}
async function stored(): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  for await (const message of stand.bus.streams.read(STREAMS.fills, {})) found.push(message);
  return found;
}

test('a fill counts once, though its plan was forgotten and the stream is read or brings it again', async () => {
  const { history, core, held } = historyOf();
  await fill('f1');
  await history.catchUp();
  await fill('f2');
  const [first, second] = await stored();
  await history.take(STREAMS.fills, second);
  expect(held()).toBe('0.002');
  // The record of the plan is let go of after a day; then the lease goes and comes back, and an old message comes again.
  nowUs += 2 * DAY_US;
  core.forget(nowUs);
  expect(core.ledger(ACCOUNT).records.size).toBe(0);
  await history.catchUp();
  for (const message of [first, second]) await history.take(STREAMS.fills, message);
  expect(held()).toBe('0.002');
});

test('what another instance took from the consumer is read before the next message', async () => {
  const { history, held } = historyOf();
  await history.catchUp();
  for (const id of ['f1', 'f2', 'f3']) await fill(id);
  const [, , third] = await stored();
  await history.take(STREAMS.fills, third);
  expect(held()).toBe('0.003');
});

test('catching up is done when all that the streams hold is in the core, however slowly they are read', async () => {
  await fill('f1');
  const bus = stand.bus.as('risk');
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  async function* slow(messages: AsyncIterable<StoredMessage>): AsyncIterable<StoredMessage> {
    await released;
    yield* messages;
  }
  const { history, held } = historyOf(readingBy(bus, slow));
  const caughtUp = history.catchUp().then(() => held());
  expect(await Promise.race([caughtUp, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe('waits');
  release();
  expect(await caughtUp).toBe('0.001');
});
