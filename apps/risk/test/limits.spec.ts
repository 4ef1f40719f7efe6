import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  connectNats, createMemoryBus, natsConfiguration, passwordVariable, provision, PROVISIONER, type StateBucket,
} from '@parallax/bus';
import { DEFAULT_LIMITS, RiskCore, type RiskLimits } from '@parallax/risk';
import { describeWith, startNatsServer, until } from '@parallax/testing';
import { type AuditEntry, InstrumentTable } from '@parallax/types';
import { BUCKETS, decodeJson, encodeJson, riskAliveSchema, subjects, TOPOLOGY } from '@parallax/wire';
import { LimitsState } from '../src/limits-state.js';
import { ACCOUNT, CONFIGURATION, intentOf, Stand, warnings } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

const change = (limits: object, account = ACCOUNT): Promise<unknown> => stand.ask(subjects.limits(), { account, limits });
const shared = (): StateBucket => stand.bus.as('risk').state(BUCKETS.limits);
const jsonOf = async (key: string): Promise<RiskLimits> => JSON.parse(Buffer.from((await shared().get(key))!.bytes!).toString());

test('limits are changed through risk, kept, shown and audited; wrong ones are declined with their field', async () => {
  await stand.ready(await stand.start());
  await expect(change({ maxOrderNotional: '-5' })).rejects.toMatchObject({ code: 'INPUT_REFUSED', place: 'maxOrderNotional' });
  expect(await change({ maxOrderNotional: '500' })).toMatchObject({ limits: { maxOrderNotional: '500', cooldownUs: 0 } });
  expect(await stand.audits()).toMatchObject([{ action: 'limits', account: ACCOUNT, who: 'ada' }]);
  await stand.restart();
  await stand.ready(await stand.start());
  await stand.intend(intentOf('one'));
  await until(async () => (await stand.verdicts()).length === 1, 'a verdict');
  // The dearest order of the plan, 1,010, is cut down to 500: trading goes on in smaller plans.
  expect(await stand.verdicts()).toMatchObject([{ kind: 'approved', plan: { legs: [{ size: '0.00495' }, { size: '0.00495' }] } }]);
});

test('a change of one conversion leaves the others, null takes one out, and a restart brings none of them back', async () => {
  const [{ limits, ...account }] = CONFIGURATION.accounts;
  const configuration = { ...CONFIGURATION, accounts: [{ ...account, limits: { ...limits, conversions: { USD: '1' } } }] };
  await stand.ready(await stand.start(configuration));
  expect(await change({ conversions: { EUR: '1.1' } })).toMatchObject({ limits: { conversions: { USD: '1', EUR: '1.1' } } });
  await expect(change({ conversions: { GBP: 'x' } })).rejects.toMatchObject({ code: 'INPUT_REFUSED', place: 'conversions.GBP' });
  await change({ conversions: { EUR: '1.2', USD: null } });
  expect((await jsonOf(ACCOUNT)).conversions).toEqual({ EUR: '1.2' });
  await stand.restart();
  const again = await stand.start(configuration);
  await stand.ready(again);
  expect(again.core.limitsOf(ACCOUNT).conversions).toEqual({ EUR: '1.2' });
});

test('limits that stand in shared state and not as configured are told at start and counted until they agree', async () => {
  const risk = await stand.start();
  await stand.ready(risk);
  warnings.length = 0;
  const told: unknown[] = [];
  stand.bus.subscribe(subjects.riskAlive(), ({ bytes }) => void told.push(decodeJson(riskAliveSchema, bytes).limitDifferences));
  await change({ maxOrderNotional: '500', cooldownUs: 7 });
  expect(risk.health().counters.limitsNotAsConfigured).toBe(2);
  await until(() => told.length > 0 && (told.at(-1) as unknown[]).length === 2, 'the sign of life tells both');
  expect(told.at(-1)).toEqual([
    { account: ACCOUNT, name: 'maxOrderNotional', configured: '10000', standing: '500' },
    { account: ACCOUNT, name: 'cooldownUs', configured: '0', standing: '7' },
  ]);
  await stand.restart();
  const again = await stand.start();
  await stand.ready(again);
  expect(warnings).toEqual([
    'limits of main in shared state win over the configuration: ' +
      'maxOrderNotional is 500, not 10000 as configured; cooldownUs is 7, not 0 as configured',
  ]);
  await change({ maxOrderNotional: '10000.0', cooldownUs: 0 });
  expect(again.health().counters.limitsNotAsConfigured).toBe(0);
});

test('two changes at once of different limits both hold, over a restart too', async () => {
  await stand.ready(await stand.start());
  const wishes: Partial<RiskLimits>[] = [
    { maxOrderNotional: '500' }, { maxHourlyLoss: '50' }, { maxDailyLoss: '60' }, { regimeFactors: { ...DEFAULT_LIMITS.regimeFactors, HIGH_VOLATILITY: '0.25' } },
  ];
  await Promise.all(wishes.map((limits) => change(limits)));
  const all = Object.assign({}, ...wishes) as Partial<RiskLimits>;
  expect(await jsonOf(ACCOUNT)).toMatchObject(all);
  expect(await stand.audits()).toHaveLength(wishes.length);
  await stand.restart();
  const again = await stand.start();
  await stand.ready(again);
  expect(again.core.limitsOf(ACCOUNT)).toMatchObject(all);
});

test('an account that there is not gets no limits, and those that there are are named', async () => {
  await stand.ready(await stand.start());
  await expect(change({ maxOrderNotional: '500' }, 'mian')).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN', place: 'account', message: 'there is no account "mian"; the accounts are main' });
  expect(await shared().keys()).toEqual([ACCOUNT]);
});

test('each configured account gets its limits in shared state, whether those before it had theirs or not', async () => {
  await shared().put('first', encodeJson({ ...DEFAULT_LIMITS, capital: '7' }));
  const accounts = ['first', 'second'].map((account) => ({ account, limits: { capital: '5' }, balances: [] }));
  await stand.ready(await stand.start({ ...CONFIGURATION, accounts }));
  expect([(await jsonOf('first')).capital, (await jsonOf('second')).capital]).toEqual(['7', '5']);
});

test('a limit that is younger than the record in shared state stands, and is shown, as it is configured', async () => {
  const { minimumEdgeBps: _, ...older } = DEFAULT_LIMITS;
  await shared().put(ACCOUNT, encodeJson({ ...older, capital: '7' }));
  const [{ limits, ...account }] = CONFIGURATION.accounts;
  const risk = await stand.start({ ...CONFIGURATION, accounts: [{ ...account, limits: { ...limits, minimumEdgeBps: '20' } }] });
  await stand.ready(risk);
  expect(risk.core.limitsOf(ACCOUNT)).toMatchObject({ capital: '7', minimumEdgeBps: '20' });
  expect(await jsonOf(ACCOUNT)).toMatchObject({ capital: '7', minimumEdgeBps: '20' });
});

/** The bucket, of whose readers each waits until all that are expected have read: so that they write at the same moment. */
function gathering(bucket: StateBucket, readers: number): StateBucket {
  let waiting: (() => void)[] = [];
  let left = readers;
  const get = async (key: string): ReturnType<StateBucket['get']> => {
    const entry = await bucket.get(key);
    if (left === 0) return entry;
    const gathered = new Promise<void>((resolve) => waiting.push(resolve));
    if (waiting.length === left) {
      left = 0;
      for (const go of waiting.splice(0)) go();
      waiting = [];
    }
    await gathered;
    return entry;
  };
  return Object.create(bucket, { get: { value: get } }) as StateBucket;
}

/** Two instances that both think that they judge, as at a change of hands; what each was told, and what stands. */
async function atOnce(one: StateBucket, other: StateBucket, wishes: readonly Partial<RiskLimits>[]): Promise<{ codes: string[]; standing: RiskLimits; cores: RiskLimits[]; audits: number }> {
  const audits: AuditEntry[] = [];
  const cores = [one, other].map(() => new RiskCore({ instruments: new InstrumentTable() }));
  const audit = async (entry: AuditEntry): Promise<void> => void audits.push(entry);
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const gate = gathering(one, 2);
  const second = Object.create(other, { get: { value: (key: string) => gate.get(key) } }) as StateBucket;
  const states = [gate, second].map((bucket, i) => new LimitsState(bucket, cores[i], audit, silent));
  await one.put(ACCOUNT, encodeJson(DEFAULT_LIMITS));
  const asked = states.map((state, i) => state.change({ who: 'ada', why: 'drill', account: ACCOUNT, limits: { ...wishes[i] } }, 1).then(() => 'done', ({ code, place }) => `${code} ${place}`));
  const codes = (await Promise.all(asked)).toSorted();
  const standing = JSON.parse(Buffer.from((await one.get(ACCOUNT))!.bytes!).toString()) as RiskLimits;
  return { codes, standing, cores: cores.map((core) => core.limitsOf(ACCOUNT)), audits: new Set(audits.map(({ id }) => id)).size };
}

const suite = (buckets: () => Promise<[StateBucket, StateBucket]>): void => {
  test('two instances that change different limits at the same moment lose neither', async () => {
    const { codes, standing, audits } = await atOnce(...(await buckets()), [{ maxOrderNotional: '500' }, { maxDailyLoss: '60' }]);
    expect([codes, audits]).toEqual([['done', 'done'], 2]);
    expect(standing).toMatchObject({ maxOrderNotional: '500', maxDailyLoss: '60' });
  });

  test('two that change the same limit otherwise: one is done, the other is told which limit it was', async () => {
    const { codes, standing, cores, audits } = await atOnce(...(await buckets()), [{ maxOrderNotional: '500', capital: '8' }, { maxOrderNotional: '600', maxDailyLoss: '60' }]);
    expect([codes, audits]).toEqual([['STATE_CONFLICT maxOrderNotional', 'done'], 1]);
    expect(['500', '600']).toContain(standing.maxOrderNotional);
    // Nothing of the one that was declined stands.
    expect(standing.maxOrderNotional === '500' ? standing.maxDailyLoss : standing.capital).toBe(standing.maxOrderNotional === '500' ? DEFAULT_LIMITS.maxDailyLoss : DEFAULT_LIMITS.capital);
    expect(cores.map(({ maxOrderNotional }) => maxOrderNotional)).toContain(standing.maxOrderNotional);
  });

  test('two that wish the same are both done', async () => {
    const { codes, standing } = await atOnce(...(await buckets()), [{ maxOrderNotional: '500' }, { maxOrderNotional: '500.0' }]);
    expect(codes).toEqual(['done', 'done']);
    expect(Number(standing.maxOrderNotional)).toBe(500);
  });
};

describeWith([], 'limits on the bus of one process', () => {
  suite(async () => {
    const bus = await createMemoryBus(TOPOLOGY, {});
    return [bus.as('risk').state(BUCKETS.limits), bus.as('risk').state(BUCKETS.limits)];
  });
});

describeWith('nats-server', 'limits on a real NATS', () => {
  let end: () => Promise<void>;
  afterEach(async () => end());
  suite(async () => {
    const password = 'only-for-this-test';
    const environment = Object.fromEntries([PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map((name) => [passwordVariable(name), password]));
    const server = await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment });
    await provision({ servers: server.url, user: PROVISIONER, password, name: 'test', topology: TOPOLOGY }, TOPOLOGY);
    const connect = () => connectNats({ servers: server.url, user: 'risk', password, name: 'test', topology: TOPOLOGY });
    const buses = [await connect(), await connect()];
    end = async () => {
      for (const bus of buses) await bus.drain();
      await server.stop();
    };
    return [buses[0].state(BUCKETS.limits), buses[1].state(BUCKETS.limits)];
  });
});
