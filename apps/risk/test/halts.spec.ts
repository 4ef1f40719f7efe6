import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus, StateBucket } from '@parallax/bus';
import { until } from '@parallax/testing';
import type { HaltRecord } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, haltRecordSchema, subjects } from '@parallax/wire';
import { ACCOUNT, clock, CONFIGURATION, intentOf, Stand } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

const bucket = (): StateBucket => stand.bus.as('gateway').state(BUCKETS.halt);
const stored = async (key = 'halt'): Promise<HaltRecord> => decodeJson(haltRecordSchema, (await bucket().get(key))!.bytes!);
const byGateway = async (halted: boolean): Promise<void> => {
  await bucket().put('halt', encodeJson({ halted, by: 'ada', reason: 'drill', atUs: clock.nowUs() }));
};
/** The kind of the verdict on a new intent. */
async function judged(id: string): Promise<string> {
  await stand.intend(intentOf(id));
  await until(async () => (await stand.verdicts()).some(({ intent }) => intent.id === id), 'a verdict');
  const verdict = (await stand.verdicts()).find(({ intent }) => intent.id === id)!;
  return verdict.kind === 'approved' ? verdict.kind : verdict.refusals.map(({ code, detail }) => `${code}: ${detail}`).join();
}

test('a halt survives a restart, is not lifted by another hand, and only risk resumes', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  // The gateway sets the record with no help from risk.
  await byGateway(true);
  expect(await judged('one')).toBe('HALTED: everything halted by ada: drill');
  await stand.restart();
  await stand.ready(await stand.start());
  await byGateway(false);
  await until(async () => (await stored()).halted, 'the halt is set again');
  expect(await judged('two')).toMatch(/^HALTED/);
  const wish = { who: 'grace', why: 'the drill is over' };
  expect(await stand.ask(subjects.resume(), wish)).toMatchObject({ record: { halted: false, by: 'grace' } });
  expect(await judged('three')).toBe('approved');
  expect(await stand.audits()).toMatchObject([{ action: 'resume', who: 'grace', why: 'the drill is over', account: null, service: 'risk' }]);
  await expect(stand.ask(subjects.resume(), wish)).rejects.toMatchObject({ code: 'INPUT_REFUSED', place: 'account' });
});

test.each([[undefined, 'halt'], [ACCOUNT, `halt.${ACCOUNT}`]])('a halt of %s that risk is asked for stands in shared state, is audited, and outlives it', async (account, key) => {
  await stand.ready(await stand.start());
  await stand.ask(subjects.halt(), account === undefined ? {} : { account });
  expect(await stored(key)).toMatchObject({ halted: true, by: 'ada', reason: 'drill' });
  expect(await stand.audits()).toMatchObject([{ action: 'halt', account: account ?? null, who: 'ada' }]);
  await stand.restart();
  await stand.ready(await stand.start());
  expect(await judged('one')).toMatch(/^HALTED/);
});

test('an account that there is not is neither halted nor resumed, and those that there are are named', async () => {
  const accounts = [...CONFIGURATION.accounts, { account: 'other', balances: [] }];
  await stand.ready(await stand.start({ ...CONFIGURATION, accounts }));
  for (const subject of [subjects.halt(), subjects.resume()]) {
    await expect(stand.ask(subject, { account: 'mian' })).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN', place: 'account', message: 'there is no account "mian"; the accounts are main, other',
    });
  }
  expect(await bucket().keys()).toEqual([]);
  expect(await stand.ask(subjects.halt(), { account: 'other' })).toMatchObject({ record: { halted: true } });
});

test('a halt stands until its end stands in shared state; one that came between wins', async () => {
  let release = (): void => {};
  let asked = false;
  const held = new Promise<void>((resolve) => (release = resolve));
  /** Writes of halts that are no halts wait for the test. */
  const slow = (bus: Bus): Bus => {
    const state = (name: string): StateBucket => {
      const inner = bus.state(name);
      if (name !== BUCKETS.halt) return inner;
      return Object.create(inner, {
        put: {
          value: async (key: string, bytes: Uint8Array, revision?: number) => {
            if (!decodeJson(haltRecordSchema, bytes).halted) {
              asked = true;
              await held;
            }
            return inner.put(key, bytes, revision);
          },
        },
      }) as StateBucket;
    };
    return Object.create(bus, { state: { value: state } }) as Bus;
  };
  await stand.ready(await stand.start(CONFIGURATION, slow));
  await stand.ask(subjects.halt(), {});
  const resumed = stand.ask(subjects.resume(), { who: 'grace' });
  const outcome = resumed.catch((error: { code: string }) => error.code);
  await until(() => asked, 'the end is being written');
  expect(await judged('one')).toMatch(/^HALTED/);
  await byGateway(true);
  release();
  expect(await outcome).toBe('STATE_CONFLICT');
  expect(await judged('two')).toMatch(/^HALTED/);
  expect(await stand.ask(subjects.resume(), {})).toMatchObject({ record: { halted: false } });
  expect(await judged('three')).toBe('approved');
});
