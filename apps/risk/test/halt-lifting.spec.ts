import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EVERYWHERE, RiskCore } from '@parallax/risk';
import { overlay } from '@parallax/testing';
import { type HaltRecord, InstrumentTable } from '@parallax/types';
import { BUCKETS, decodeJson, haltRecordSchema } from '@parallax/wire';
import { HaltState } from '../src/halt-state.js';
import { Stand } from './support.js';

let stand: Stand;
beforeEach(async () => void (stand = await new Stand().open()));
afterEach(async () => stand.close());

test.each([undefined, 'main'])('an end that risk itself writes is not taken for another’s, though the watch tells of it before the write is answered: %s', async (account) => {
  const bucket = stand.bus.as('risk').state(BUCKETS.halt);
  let hear = (): void => {};
  const late = overlay(bucket, {
    put: async (...given) => {
      const heard = new Promise<void>((resolve) => (hear = resolve));
      const revision = await bucket.put(...given);
      await heard;
      return revision;
    },
    watch: (pattern, take) => bucket.watch(pattern, (entry) => {
      take(entry);
      hear();
    }),
  });
  const core = new RiskCore({ instruments: new InstrumentTable() });
  const said: string[] = [];
  const note = (message: string): void => void said.push(message);
  const halts = new HaltState(late, core, async ({ action }) => note(action), { info: note, warn: note, error: note });
  await halts.start();
  const request = { who: 'ada', why: 'a drill', ...(account && { account }) };
  const standing = (): boolean | undefined => core.halts.all().get(account ?? EVERYWHERE)?.halted;
  await halts.halt(request, 1);
  expect(standing()).toBe(true);
  await halts.resume(request, 2);
  expect([standing(), said]).toEqual([false, ['halt', 'resume']]);
  const [key] = await bucket.keys();
  const record: HaltRecord = decodeJson(haltRecordSchema, (await bucket.get(key))!.bytes!);
  expect(record).toMatchObject({ halted: false, by: 'ada' });
  halts.stop();
});
