import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { RiskCore } from '@parallax/risk';
import { InstrumentTable, type Refused } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';
import { History } from '../src/history.js';
import { ACCOUNT, intentOf, SPECIFICATIONS, Stand } from './support.js';

let stand: Stand;
beforeEach(async () => void (stand = await new Stand().open()));
afterEach(async () => stand.close());

/** A verdict that some instance stores; resolves with its place in the stream. */
async function store(id: string): Promise<number> {
  const refused: Refused = { kind: 'refused', intent: intentOf(id), refusals: [{ code: 'HALTED', detail: 'a test' }], atUs: 1 };
  return (await stand.bus.as('risk').streams.append(subjects.refused(ACCOUNT), encodeJson(refused), { id })).sequence;
}

function historyOf(): { history: History; known: (...ids: string[]) => boolean[] } {
  const instruments = new InstrumentTable();
  for (const specification of SPECIFICATIONS) instruments.add(specification);
  const core = new RiskCore({ instruments });
  const fail = (error: Error): never => { throw error; };
  const history = new History(stand.bus.as('risk'), core, () => 1, (_stream, _sequence, error) => fail(error), fail);
  return { history, known: (...ids) => ids.map((id) => core.verdicts.get(id) !== undefined) };
}

test('a verdict of our own is not read again, and one that another instance stored before it is', async () => {
  const { history, known } = historyOf();
  history.stored('refused', await store('ours'));
  await history.readVerdicts();
  // It came from the core: there is nothing to read.
  expect([history.events, known('ours')]).toEqual([0, [false]]);
  await store('theirs');
  history.stored('refused', await store('ours again'));
  await history.readVerdicts();
  expect([history.events, known('theirs', 'ours again')]).toEqual([2, [true, true]]);
  await history.readVerdicts();
  expect(history.events).toBe(2);
});
