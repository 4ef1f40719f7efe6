import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requestJson, type Bus } from '@parallax/bus';
import { approvalId } from '@parallax/risk';
import { overlay, until } from '@parallax/testing';
import { ParallaxError, type Refused, type Remembered } from '@parallax/types';
import { encodeJson, STREAMS, subjects } from '@parallax/wire';
import { ACCOUNT, clock, CONFIGURATION, intentOf, regimeOf, reservedAt, Stand, WITHIN } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

const pendingIntents = async (): Promise<number> => (await stand.verdicts()).length;
test('an intent becomes a verdict, once, however often it is delivered', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.intend(intentOf('one'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  const [verdict] = await stand.verdicts();
  expect(verdict).toMatchObject({ kind: 'approved', reserved: '2005' });
  if (verdict.kind === 'approved') expect(verdict.id).toBe(approvalId('one', verdict.epoch));

  await stand.intend(verdict.intent, 'one-again');
  await until(() => risk.health().counters.repeated === 1, 'the second delivery');
  await stand.intend({ ...verdict.intent, plan: { ...verdict.intent.plan, notional: '9' } }, 'one-otherwise');
  await until(() => risk.health().counters.conflicting === 1, 'the conflict');
  expect(await stand.verdicts()).toEqual([verdict]);
  expect(reservedAt(risk)).toBe('0.01');
});

test('a refusal names its reasons, an unreadable intent stops nothing', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.bus.streams.append(subjects.intent(ACCOUNT), new TextEncoder().encode('{"id":'), { id: 'broken' });
  await stand.intend(intentOf('two', { expiresAtUs: clock.nowUs() - 1, expectedNet: '-1' }));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  expect(await stand.verdicts()).toMatchObject([{ kind: 'refused', refusals: [{ code: 'EXPIRED' }, { code: 'EDGE_GONE' }] }]);
  expect(risk.health().counters).toMatchObject({ refused: 1, refusedEXPIRED: 1 });
});

test('while the clock is in doubt nothing is approved, and the refusal says so', async () => {
  let doubt: string | null = 'the clock was set back';
  const risk = await stand.start(CONFIGURATION, undefined, undefined, { nowUs: () => clock.nowUs(), doubt: () => doubt });
  await stand.ready(risk);
  await until(() => risk.core.unknown.length > 0, 'risk has looked at its clock');
  await stand.intend(intentOf('doubted'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  expect(await stand.verdicts()).toMatchObject([
    { kind: 'refused', refusals: expect.arrayContaining([expect.objectContaining({ code: 'RISK_STATE_UNKNOWN', detail: expect.stringContaining('clock of this machine is in doubt') })]) },
  ]);
  doubt = null;
  await until(() => risk.core.unknown.length === 0, 'risk has looked again');
  await stand.ready(risk);
  await stand.intend(intentOf('trusted'));
  await until(async () => (await pendingIntents()) === 2, 'a verdict');
  expect((await stand.verdicts()).map(({ kind }) => kind).toSorted()).toEqual(['approved', 'refused']);
});

test('while two normalisations tell of a venue nothing is approved there, and the alert names the venue', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.intend(intentOf('one-writer'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  // The same price from both: nothing but the writers tells that there may be two markets.
  for (const writer of [1, 0]) stand.quote('a', 99_990_00, 100_000_00, writer);
  await until(() => risk.health().troubles?.some(({ key, severity }) => key === 'two-writers.normalisation.a' && severity === 'critical'), 'the trouble');
  await stand.intend(intentOf('two-writers'));
  await until(async () => (await pendingIntents()) === 2, 'a verdict');
  const codes = (await stand.verdicts()).map((verdict) => [verdict.intent.id, verdict.kind === 'refused' ? verdict.refusals.map(({ code }) => code) : 'approved']);
  expect(codes).toEqual([['one-writer', 'approved'], ['two-writers', ['QUOTE_UNTRUSTED']]]);
});

test('a crash that stood before the start holds until regime speaks', async () => {
  const crash = regimeOf('a', 'FLASH_CRASH');
  const recall = (): Promise<Remembered> => Promise.resolve({ quotes: [], regimes: [crash] });
  const risk = await stand.start(CONFIGURATION, undefined, { recall, putQuote: () => {}, putRegime: () => {}, counters: {} });
  await until(() => risk.health().ready, 'risk is ready');
  // A remembered one is not known to stand.
  expect(risk.health()).toMatchObject({
    degraded: ['the regime of no market is known, so that nothing that adds exposure is approved (RISK_STATE_UNKNOWN)'], counters: { regimesKnown: 0 },
  });
  await stand.intend(intentOf('one'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  const [{ refusals }] = (await stand.verdicts()) as Refused[];
  expect(refusals.map(({ code, detail }) => `${code} ${detail}`)).toEqual(expect.arrayContaining([
    'REGIME the market is in FLASH_CRASH',
    'RISK_STATE_UNKNOWN leg 0: no regime of a:BTC/USDT was heard', 'RISK_STATE_UNKNOWN leg 1: no regime of b:BTC/USDT was heard',
  ]));
  await stand.ready(risk);
  expect([risk.health().degraded, risk.health().counters.regimesKnown]).toEqual([undefined, 2]);
  await stand.intend(intentOf('two'));
  await until(async () => (await pendingIntents()) === 2, 'a verdict');
  expect((await stand.verdicts()).map(({ kind }) => kind).toSorted()).toEqual(['approved', 'refused']);
});

test('a change of the stream shrinks at once, and does not say that the state still stands', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  await stand.bus.streams.append(subjects.regime('BTC', 'BTC/USDT'), encodeJson(regimeOf('a', 'HIGH_VOLATILITY')), { id: 'change' });
  await until(() => risk.health().counters.regimes === 3, 'the change');
  await stand.intend(intentOf('one'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  expect(await stand.verdicts()).toMatchObject([{ kind: 'approved', scaledBy: '0.5' }]);
  // What was told last is older now than the limit lets it be.
  for (const venue of ['a', 'b']) stand.tellRegime(venue, 'NORMAL', clock.nowUs() - 60_000_001);
  await stand.bus.streams.append(subjects.regime('BTC', 'BTC/USDT'), encodeJson(regimeOf('a', 'NORMAL')), { id: 'next' });
  await until(() => risk.health().counters.regimes === 6, 'all words on regimes');
  await stand.intend(intentOf('two'));
  await until(async () => (await pendingIntents()) === 2, 'a second verdict');
  const refused = (await stand.verdicts()).find((verdict): verdict is Refused => verdict.kind === 'refused');
  expect(refused?.refusals.map(({ code }) => code)).toEqual(['RISK_STATE_UNKNOWN', 'RISK_STATE_UNKNOWN']);
  expect(refused?.refusals[0].detail).toMatch(/^leg 0: the last regime of a:BTC\/USDT is \d+ s old/);
});

/** A bus that fails in its n-th append, before or after the stream has stored it, or in the acknowledgement. */
function failing(at: 'before append' | 'after append' | 'acknowledge', seen: { failures: number }): (bus: Bus) => Bus {
  const fail = (): never => {
    seen.failures++;
    throw new ParallaxError('BUS_TIMEOUT', 'the test cut the line', { retryable: true, outcomeUnknown: true });
  };
  return (bus) => overlay(bus, {
    streams: overlay(bus.streams, {
      append: async (...given) => {
        if (at === 'before append' && seen.failures === 0) fail();
        const stored = await bus.streams.append(...given);
        if (at === 'after append' && seen.failures === 0) fail();
        return stored;
      },
      consume: (stream, consumer, handler) => bus.streams.consume(stream, consumer, (message) => handler(
        stream === STREAMS.intents && at === 'acknowledge'
          ? overlay(message, { acknowledge: async () => (seen.failures === 0 ? fail() : message.acknowledge()) })
          : message,
      )),
    }),
  });
}

test.each(['before append', 'after append', 'acknowledge'] as const)('a line cut at "%s" leaves one verdict and one reservation', async (at) => {
  const seen = { failures: 0 };
  const risk = await stand.start(CONFIGURATION, failing(at, seen));
  await stand.ready(risk);
  await stand.intend(intentOf('cut'));
  await until(() => risk.health().counters.repeated === 1, 'the redelivery');
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  expect(seen.failures).toBe(1);
  expect(await stand.verdicts()).toMatchObject([{ kind: 'approved', intent: { id: 'cut' } }]);
  expect(reservedAt(risk)).toBe('0.01');
});

test.each(['before append', 'after append'] as const)('death at "%s" and a new start leave one verdict and one reservation', async (at) => {
  const seen = { failures: 0 };
  const dying = await stand.start(CONFIGURATION, failing(at, seen));
  await stand.ready(dying);
  await stand.intend(intentOf('dead'));
  await until(() => seen.failures === 1, 'the cut');
  await stand.restart();
  const risk = await stand.start();
  await stand.ready(risk);
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  await stand.intend(intentOf('next'));
  await until(async () => (await stand.verdicts()).some(({ intent }) => intent.id === 'next'), 'the next');
  const verdicts = await stand.verdicts();
  expect(verdicts.map(({ intent }) => intent.id).toSorted()).toEqual(['dead', 'next']);
  expect(verdicts.map(({ kind }) => kind)).toEqual(at === 'after append' ? ['approved', 'approved'] : expect.arrayContaining(['approved']));
  const approved = verdicts.filter(({ kind }) => kind === 'approved').length;
  expect(Number(reservedAt(risk))).toBeCloseTo(approved * 0.01, 10);
});

test('work that could not be taken over is tried again while the lease holds', async () => {
  let failures = 0;
  const risk = await stand.start(CONFIGURATION, (bus) => {
    const cut = failing('acknowledge', { failures: 1 })(bus);
    const consume: typeof cut.streams.consume = (stream, ...given) => {
      if (stream === STREAMS.fills && failures++ === 0) throw new ParallaxError('BUS_TIMEOUT', 'the test cut the line');
      return cut.streams.consume(stream, ...given);
    };
    return overlay(cut, { streams: overlay(cut.streams, { consume }) });
  });
  await until(() => failures === 1, 'the failure');
  expect(risk.health().ready).toBe(false);
  await stand.ready(risk);
  await stand.intend(intentOf('one'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
});

test('of two instances one judges; when it goes, the other knows what it approved', async () => {
  const configuration = { ...CONFIGURATION, accounts: [...CONFIGURATION.accounts, { account: 'other', balances: [] }] };
  const [one, two] = [await stand.start(configuration), await stand.start(configuration)];
  await stand.ready(one);
  expect(two.health()).toMatchObject({ ready: false });
  let alive = 0;
  stand.bus.subscribe(subjects.riskAlive(), () => void alive++);
  await stand.intend(intentOf('one'));
  await until(async () => (await pendingIntents()) === 1, 'a verdict');
  await until(() => alive >= 2, 'risk says that it lives');
  const gateway = stand.bus.as('gateway');
  const halt = (): Promise<unknown> => requestJson(gateway, subjects.halt(), { who: 'ada', why: 'drill', account: 'other' }, WITHIN);
  expect(await halt()).toMatchObject({ record: { halted: true, by: 'ada' } });
  await one.stop();
  // The one that waits for the lease hears no request.
  await expect(halt()).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  await until(() => two.health().ready, 'the other judges');
  expect(await halt()).toMatchObject({ record: { halted: true } });
  expect(reservedAt(two)).toBe('0.01');
  await stand.intend(intentOf('two'));
  await until(async () => (await pendingIntents()) === 2, 'a second verdict');
  expect(two.health().counters).toMatchObject({ leaseRenewals: expect.any(Number), leaseLate: expect.any(Number), leaseDoubts: expect.any(Number) });
  const epochs = (await stand.verdicts()).map((verdict) => (verdict.kind === 'approved' ? verdict.epoch : 0));
  expect(epochs[1]).toBeGreaterThan(epochs[0]);
});
