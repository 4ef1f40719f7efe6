import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { validate } from './validate-openapi.js';
import type { MemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { GATEWAY_METRICS } from '@parallax/types';
import { decodeJson, encodeJson, haltRecordSchema, limitsRequestSchema, resumeRequestSchema, subjects } from '@parallax/wire';
import { gatewayDefinition, ROUTES, type GatewayService } from '../src/index.js';
import { MarketFeeder } from './market-feeder.js';
import { makeBus, ports, quiet, startGateway } from './running-gateway.js';

let bus: MemoryBus;
let gateway: GatewayService;
let feeder: MarketFeeder;
const get = async (path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: any }> => {
  const answer = await fetch(gateway.address + path, { headers });
  return { status: answer.status, body: await answer.json() };
};
const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: any }> => {
  const answer = await fetch(gateway.address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
};
const token = (): Record<string, string> => ({ 'x-parallax-token': gateway.access.startToken });

beforeAll(async () => {
  bus = await makeBus();
  gateway = await startGateway(bus);
  feeder = new MarketFeeder(bus, () => ports.clock.nowUs());
  await feeder.list();
  for (let i = 0; i < 60; i++) feeder.tick();
  // Whatever a tick tells of has come: each has subjects of its own.
  const lists = [
    'quotes', 'regimes', 'opportunities?state=closed', 'verdicts?kind=approved', 'verdicts?code=VENUE_EXPOSURE_LIMIT', 'orders', 'fills', 'positions',
  ];
  for (const list of lists) await until(async () => (await get(`/api/v1/${list}`)).body.data.length > 0, list);
  await until(async () => (await get('/api/v1/fills')).body.data.length > 1);
  await until(async () => (await get('/api/v1/dead-letters')).body.data.length === 3);
});
afterAll(async () => {
  await gateway.stop();
  await bus.drain();
});

test('every route answers what its schema says', async () => {
  for (const { method, path, answer } of ROUTES) {
    if (method === 'post') continue;
    const { status, body } = await get(path === '/api/v1/book' ? `${path}?venue=okx&symbol=ETH%2FUSDT&depth=5` : path);
    expect([path, status]).toEqual([path, 200]);
    const checked = answer.safeParse(body);
    expect([path, checked.error?.issues]).toEqual([path, undefined]);
    if (Array.isArray(body.data)) expect([path, body.data.length > 0]).toEqual([path, true]);
  }
});

test('it tells how old quotes are that reach it', () => {
  const { count } = gateway.health().latencies['received-to-taken']!;
  expect(count).toBe(gateway.health().counters.quotes);
});

test('prices are exact text at the instrument’s scale', async () => {
  const { data } = (await get('/api/v1/quotes?venue=binance&symbol=BTC%2FUSDT')).body;
  expect(data).toHaveLength(1);
  expect(data[0].bid.price).toMatch(/^6\d{4}\.\d{2}$/);
  expect(data[0].bid.size).toMatch(/^\d+\.\d{5}$/);
});

test('a book is the writer’s, best levels first', async () => {
  const { data } = (await get('/api/v1/book?venue=okx&symbol=ETH%2FUSDT&depth=3')).body;
  expect(data.bids).toHaveLength(3);
  expect(Number(data.bids[0].price)).toBeGreaterThan(Number(data.bids[1].price));
  expect(Number(data.asks[0].price)).toBeGreaterThan(Number(data.bids[0].price));
  expect(data.levels).toEqual({ bids: 30, asks: 30 });
});

test('cursors walk a list once, without gaps or repeats', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: any[]; cursor: string | null } = (await get(`/api/v1/instruments?limit=5${cursor ? `&cursor=${cursor}` : ''}`)).body;
    seen.push(...page.data.map((one: any) => `${one.venue}:${one.symbol}`));
    cursor = page.cursor;
  } while (cursor);
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
});

test('a cursor is good for its list and its filter alone, and where the list is in memory for this start', async () => {
  const cursorOf = async (path: string): Promise<string> => (await get(path)).body.cursor;
  const statusWith = async (path: string, cursor: string): Promise<number> => (await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)).status;
  const orders = await cursorOf('/api/v1/orders?limit=1');
  expect(await statusWith('/api/v1/orders?limit=7', orders)).toBe(200);
  // Of the same order of places, so that a page would come, and be a wrong one.
  for (const path of ['/api/v1/verdicts', '/api/v1/opportunities', '/api/v1/orders?venue=okx', '/api/v1/orders?account=paper', '/api/v1/fills']) {
    expect([path, await statusWith(path, orders)]).toEqual([path, 400]);
  }
  const filtered = await cursorOf('/api/v1/orders?limit=1&account=paper');
  expect(await statusWith('/api/v1/orders?account=paper', filtered)).toBe(200);
  expect(await statusWith('/api/v1/orders', filtered)).toBe(400);
  const letters = await cursorOf('/api/v1/dead-letters?limit=1&venue=okx');
  expect(await statusWith('/api/v1/dead-letters?venue=kraken', letters)).toBe(400);
  const fills = await cursorOf('/api/v1/fills?limit=1');
  expect(await statusWith('/api/v1/fills?account=other', fills)).toBe(400);
  const next = await startGateway(bus);
  const after = async (path: string): Promise<number> => (await fetch(next.address + path)).status;
  expect([await after(`/api/v1/orders?cursor=${orders}`), await after(`/api/v1/fills?cursor=${fills}`)]).toEqual([400, 200]);
  await next.stop();
});

test('filters filter', async () => {
  const closed = (await get('/api/v1/opportunities?state=closed&limit=1000')).body.data;
  expect(closed.length).toBeGreaterThan(0);
  expect(closed.every((one: any) => one.state === 'closed' && one.closeReason === 'edge-gone')).toBe(true);
  const refused = (await get('/api/v1/verdicts?code=VENUE_EXPOSURE_LIMIT')).body.data;
  expect(refused[0].refusals[0]).toEqual({ code: 'VENUE_EXPOSURE_LIMIT', detail: 'binance would hold too much', measured: '0.34', allowed: '0.3' });
  expect((await get('/api/v1/orders?venue=nowhere')).body).toEqual({ data: [], cursor: null });
});

test('an opportunity says what became of it', async () => {
  const decisions = (await get('/api/v1/opportunities?limit=1000')).body.data.map((one: any) => ({ id: one.id, kind: one.kind, ...one.decision }));
  const kinds = (kind: string): any[] => decisions.filter((one: any) => one.kind === kind);
  for (const kind of ['passed', 'refused', 'approved']) expect(kinds(kind).length).toBeGreaterThan(0);
  expect(kinds('passed')[0]).toMatchObject({ strategy: 'taker', account: 'paper', reasons: ['kind-not-traded'] });
  expect(kinds('refused')[0].reasons).toEqual(['VENUE_EXPOSURE_LIMIT']);
  // That its pair is busy, or rests, follows from its own verdict and says less.
  feeder.pass(kinds('refused')[0], 'pair-resting');
  const { id } = feeder.opportunity();
  const found = await until(async () => (await get('/api/v1/opportunities')).body.data.find((one: any) => one.id === id && one.decision));
  expect(found).toMatchObject({ id });
  const again = (await get('/api/v1/opportunities?limit=1000')).body.data.find((one: any) => one.id === kinds('refused')[0].id);
  expect(again.decision.kind).toBe('refused');
});

test('limits that stand otherwise than configured are told as risk tells them, and no longer', async () => {
  const differences = async (): Promise<unknown> => (await get('/api/v1/risk')).body.data.limitDifferences;
  expect(await differences()).toEqual([]);
  const one = { account: 'paper', name: 'maxOrderNotional', configured: '10000', standing: '500' };
  const other = { account: 'paper', name: 'capital', configured: '100000', standing: '9' };
  for (const told of [[one, other], [{ ...one, standing: '700' }], []]) {
    feeder.limitDifferences = told;
    feeder.riskAlive();
    const expected = told.toSorted((a, b) => a.name.localeCompare(b.name));
    await until(async () => JSON.stringify(await differences()) === JSON.stringify(expected));
  }
});

test('dead letters: newest first, of a symbol also by how its venue writes it, cut where they are long', async () => {
  const frames = async (filter: string): Promise<number[]> =>
    (await get(`/api/v1/dead-letters${filter}`)).body.data.map((one: any) => one.frame);
  expect(await frames('')).toEqual([3, 2, 1]);
  expect(await frames('?venue=okx&symbol=ETH%2FUSDT')).toEqual([2, 1]);
  expect(await frames('?venue=kraken')).toEqual([]);
  const first = (await get('/api/v1/dead-letters?limit=1')).body;
  expect(first.data[0]).toMatchObject({ truncated: true, reason: 'no number', symbol: 'BTC/USDT' });
  expect(first.data[0].text).toHaveLength(4_096);
  expect(await frames(`?limit=2&cursor=${first.cursor}`)).toEqual([2, 1]);
  // A gateway that starts later reads them from the stream.
  const late = await startGateway(bus);
  const list = await until(async () => {
    const { data } = (await (await fetch(`${late.address}/api/v1/dead-letters`)).json()) as { data: { frame: number }[] };
    return data.length < 3 ? null : data;
  });
  expect(list?.map(({ frame }) => frame)).toEqual([3, 2, 1]);
  await late.stop();
});

test('profit is told as execution tells it, with what stands alone; what nobody knows the worth of is null', async () => {
  const one = async (): Promise<any> => (await get('/api/v1/profit?account=paper&currency=USDT')).body.data[0];
  expect(await one()).toMatchObject({ account: 'paper', open: [], openProfit: '0.0000', dust: [] });
  feeder.lots = [{ base: 'BTC', size: '0.25', cost: '16000', instrument: 'okx:BTC/USDT', mark: null, markedBy: null, value: null }];
  feeder.dust = [{ venue: 'okx', symbol: 'BTC/USDT', size: '0.00001' }];
  feeder.tellProfit();
  const told = await until(async () => (await one()).open.length === 1 && one());
  expect(told).toMatchObject({ open: feeder.lots, dust: feeder.dust, openProfit: null, total: null });
  expect((await get('/api/v1/positions')).body.profit).toEqual([told]);
  expect((await get('/api/v1/profit?account=other')).body).toEqual({ data: [], cursor: null });
  [feeder.lots, feeder.dust] = [[], []];
});

test('an approval shows through the orders made from it', async () => {
  const approved = (await get('/api/v1/verdicts?kind=approved')).body.data;
  expect(approved[0]).toMatchObject({ kind: 'approved', opportunityId: expect.stringMatching(/^opp-/), currency: 'USDT' });
});

test.each([
  ['/api/v1/quotes?venue=Bin%20ance', 'venue'],
  ['/api/v1/quotes?symbol=BTCUSDT', 'symbol'],
  ['/api/v1/orders?state=open2', 'state'],
  ['/api/v1/orders?limit=0', 'limit'],
  ['/api/v1/orders?limit=1001', 'limit'],
  ['/api/v1/orders?limit=ten', 'limit'],
  ['/api/v1/orders?cursor=nonsense', 'cursor'],
  ['/api/v1/orders?venu=okx', 'venu'],
  ['/api/v1/orders?venue=a&venue=b', 'venue'],
  ['/api/v1/book?symbol=BTC%2FUSDT', 'venue'],
])('%s is refused, naming the field', async (path, field) => {
  const { status, body } = await get(path);
  expect([status, body.error.code, body.error.place]).toEqual([400, 'INPUT_REFUSED', field]);
  expect(body.error.message.length).toBeGreaterThan(10);
});

test('what is not there is said so', async () => {
  expect(await get('/api/v1/nothing')).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  expect(await get('/api/v1/%')).toMatchObject({ status: 400, body: { error: { code: 'INPUT_REFUSED' } } });
  expect(await get('/api/v1/book?venue=okx&symbol=X%2FY')).toMatchObject({ status: 404, body: { error: { code: 'INSTRUMENT_UNKNOWN' } } });
});

test('hosts and origins that are not ours are refused', async () => {
  const port = Number(new URL(gateway.address).port);
  const { request } = await import('node:http');
  const status = (headers: Record<string, string>, path = '/api/v1/quotes'): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('error', reject).end();
    });
  expect(await status({ host: `localhost:${port}` })).toBe(200);
  expect(await status({ host: 'rebound.example' })).toBe(421);
  expect(await status({ host: `localhost:${port + 1}` })).toBe(421);
  expect(await status({ host: `localhost:${port}`, origin: 'https://elsewhere.example' })).toBe(403);
  expect(await status({ host: `localhost:${port}`, origin: 'null' })).toBe(403);
  expect(await status({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
  expect(await status({ host: '10.0.0.7:8080' }, '/healthz')).toBe(200);
});

test('a halt needs the token, a person and a reason, and works with risk dead', async () => {
  const request = { who: 'ann', why: 'looks wrong' };
  expect(await post('/api/v1/risk/halt', request)).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHORISED' } } });
  expect((await post('/api/v1/risk/halt', request, { 'x-parallax-token': 'guess' })).status).toBe(401);
  expect(await post('/api/v1/risk/halt', { who: 'ann' }, token())).toMatchObject({ status: 400, body: { error: { place: 'why' } } });
  expect(await post('/api/v1/risk/halt', { ...request, acount: 'x' }, token())).toMatchObject({ status: 400, body: { error: { place: 'acount' } } });
  expect(await post('/api/v1/risk/halt', { who: '', acount: 'x' }, token())).toMatchObject({
    status: 400, body: { error: { place: 'who, why, acount', message: expect.not.stringContaining('more') } },
  });
  expect(await post('/api/v1/risk/halt', '{"who":', token())).toMatchObject({ status: 400, body: { error: { code: 'INPUT_REFUSED' } } });
  const halted = await post('/api/v1/risk/halt', request, token());
  expect(halted).toMatchObject({ status: 200, body: { data: { record: { halted: true, by: 'ann', reason: 'looks wrong' }, audited: true } } });
  const stored = await bus.state('halt').get('halt');
  expect(decodeJson(haltRecordSchema, stored!.bytes!)).toEqual(halted.body.data.record);
  const risk = await until(async () => {
    const { data } = (await get('/api/v1/risk')).body;
    return data.halted && data.audit.length > 0 && data;
  });
  expect(risk.audit[0]).toMatchObject({ action: 'halt', who: 'ann', why: 'looks wrong', service: 'gateway' });
});

test('resuming needs risk, and says so when it is not there', async () => {
  const request = { who: 'bob', why: 'checked it' };
  expect(await post('/api/v1/risk/resume', request)).toMatchObject({ status: 401 });
  const alone = await post('/api/v1/risk/resume', request, token());
  expect(alone).toMatchObject({ status: 503, body: { error: { code: 'SERVICE_MISSING', message: expect.stringContaining('stays halted') } } });
  const answer: { reply: unknown } = { reply: { error: { code: 'DAILY_LOSS_LIMIT', message: 'not today' } } };
  bus.subscribe(subjects.resume(), (message) => {
    expect(decodeJson(resumeRequestSchema, message.bytes)).toEqual(request);
    message.respond(encodeJson(answer.reply));
  });
  expect(await post('/api/v1/risk/resume', request, token())).toMatchObject({ status: 409, body: { error: { code: 'DAILY_LOSS_LIMIT' } } });
  const record = { halted: false, by: 'bob', reason: 'checked it', atUs: 1 };
  answer.reply = { data: { record } };
  expect(await post('/api/v1/risk/resume', request, token())).toEqual({ status: 200, body: { data: { record } } });
});

test('limits change through risk alone, and a wrong one is the caller’s mistake', async () => {
  const request = { who: 'bob', why: 'smaller orders', account: 'paper', limits: { maxOrderNotional: '500' } };
  expect(await post('/api/v1/risk/limits', request)).toMatchObject({ status: 401 });
  expect(await post('/api/v1/risk/limits', { ...request, limits: 5 }, token())).toMatchObject({ status: 400, body: { error: { place: 'limits' } } });
  expect(await post('/api/v1/risk/limits', { ...request, limits: {} }, token())).toMatchObject({ status: 400, body: { error: { place: 'limits' } } });
  const alone = await post('/api/v1/risk/limits', request, token());
  expect(alone).toMatchObject({ status: 503, body: { error: { message: expect.stringContaining('the limits stay as they are') } } });
  const risk = bus.subscribe(subjects.limits(), (message) => {
    const { limits } = decodeJson(limitsRequestSchema, message.bytes);
    const refused = limits.maxOrderNotional === '-5';
    message.respond(encodeJson(refused ? { error: { code: 'INPUT_REFUSED', message: 'maxOrderNotional is "-5"' } } : { data: { limits: { ...limits, capital: '1' } } }));
  });
  expect(await post('/api/v1/risk/limits', request, token())).toEqual({ status: 200, body: { data: { limits: { maxOrderNotional: '500', capital: '1' } } } });
  expect(await post('/api/v1/risk/limits', { ...request, limits: { maxOrderNotional: '-5' } }, token())).toMatchObject({ status: 400 });
  risk.unsubscribe();
});

test('for an account that there is not nothing is done, risk dead or alive, and those that there are are named', async () => {
  const request = { who: 'ann', why: 'looks wrong', account: 'papre' };
  const bodies = { halt: request, resume: request, limits: { ...request, limits: { capital: '5' } }, evened: { ...request, plan: 'intent-7' } };
  const asked: string[] = [];
  bus.subscribe('risk.>', ({ subject }) => void asked.push(subject));
  for (const [path, body] of Object.entries(bodies)) {
    expect(await post(`/api/v1/risk/${path}`, body, token())).toEqual({
      status: 404, body: { error: { code: 'ACCOUNT_UNKNOWN', place: 'account', message: 'there is no account "papre"; the accounts are paper' } },
    });
  }
  expect(await bus.state('halt').get('halt.papre')).toBeNull();
  expect(await post('/api/v1/risk/halt', { ...request, account: 'paper' }, token())).toMatchObject({ status: 200 });
  // The audit entry of that halt, and none of what was refused.
  await until(() => asked.length > 0);
  expect(asked).toEqual([subjects.audit()]);
});

test('where no account is known yet everything may be halted, and no account', async () => {
  const limits = bus.state('limits');
  const { bytes } = (await limits.get('paper'))!;
  await limits.delete('paper');
  await until(async () => (await get('/api/v1/risk')).body.data.limits.length === 0);
  const request = { who: 'ann', why: 'looks wrong' };
  expect(await post('/api/v1/risk/halt', { ...request, account: 'paper' }, token())).toMatchObject({
    status: 404, body: { error: { code: 'ACCOUNT_UNKNOWN', message: expect.stringContaining('no account is known yet') } },
  });
  expect(await post('/api/v1/risk/halt', request, token())).toMatchObject({ status: 200, body: { data: { record: { halted: true } } } });
  await limits.put('paper', bytes!);
});

test('a limit that another changed at the same moment is answered as a conflict that names it', async () => {
  bus.subscribe(subjects.limits(), (message) => {
    message.respond(encodeJson({ error: { code: 'STATE_CONFLICT', message: 'it was changed', place: 'capital' } }));
  });
  const request = { who: 'bob', why: 'smaller orders', account: 'paper', limits: { capital: '5' } };
  expect(await post('/api/v1/risk/limits', request, token())).toMatchObject({ status: 409, body: { error: { code: 'STATE_CONFLICT', place: 'capital' } } });
});

test('a person’s word that a leg was evened is kept with who and why', async () => {
  const request = { who: 'eve', why: 'sold at the venue', plan: 'intent-7', account: 'paper' };
  expect(await post('/api/v1/risk/evened', request)).toMatchObject({ status: 401 });
  expect(await post('/api/v1/risk/evened', { ...request, plan: '' }, token())).toMatchObject({ status: 400, body: { error: { place: 'plan' } } });
  const unknown = { status: 404, body: { error: { code: 'PLAN_UNKNOWN', place: 'plan' } } };
  expect(await post('/api/v1/risk/evened', request, token())).toMatchObject(unknown);
  // Of a plan that is long out of memory its result still tells.
  const result = {
    intentId: 'intent-7', approvalId: 'a', account: 'paper', strategy: 's', outcome: 'held', currency: 'USDT', spread: '0', slippage: '0', fees: '0', exitCost: '0',
    held: '0', total: '0', passedOver: {}, revision: 1, fillCount: 0, otherFees: {}, dust: null, uneven: null, finishedAtUs: 1,
  };
  await bus.streams.append(subjects.result('other'), encodeJson({ ...result, account: 'other' }), { id: 'of another account' });
  expect(await post('/api/v1/risk/evened', request, token())).toMatchObject(unknown);
  await bus.streams.append(subjects.result('paper'), encodeJson(result), { id: 'intent-7' });
  expect(await post('/api/v1/risk/evened', request, token())).toMatchObject({ status: 200, body: { data: { ...request, action: 'evened' } } });
  await until(async () => (await get('/api/v1/risk')).body.data.audit.some((one: any) => one.action === 'evened' && one.plan === 'intent-7'));
});

test('a load balancer learns whether it serves and no more; metrics are not public, and told under the service’s name', async () => {
  expect(await get('/readyz')).toEqual({ status: 200, body: { ready: true } });
  expect(await get('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await get('/metrics')).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  const health = (await get('/api/v1/health')).body;
  expect(health.data.map((one: any) => one.service)).toContain('gateway');
  const text = await gatewayDefinition.metrics!(gateway);
  expect([...text.matchAll(/^# TYPE parallax_(\S+)/gm)].map(([, name]) => name)).toEqual(Object.keys(GATEWAY_METRICS));
  expect(gateway.health().counters).toMatchObject({ quotes: expect.any(Number), readers: expect.any(Number), sent: expect.any(Number), sequence: expect.any(Number) });
  expect(text).toContain('parallax_gateway_requests_total{method="GET",route="/api/v1/quotes",status="200",service="gateway"}');
});

test('the OpenAPI document is valid and lists every route that there is', async () => {
  const { body } = await get('/api/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(await validate(body)).toEqual({ valid: true });
  expect(Object.keys(body.paths).toSorted()).toEqual([...new Set(ROUTES.map(({ path }) => path))].toSorted());
  const state = body.paths['/api/v1/orders'].get.parameters.find((one: any) => one.name === 'state');
  expect(state.schema.enum).toContain('partiallyFilled');
});

test('a message that cannot be read is counted and stops nothing', async () => {
  bus.publish('ops.health.risk', new TextEncoder().encode('{"service":"risk"'));
  bus.publish(subjects.market('quote', { venue: 'okx', base: 'ETH', symbol: 'ETH/USDT' }), new Uint8Array(200));
  await until(() => quiet.lines.filter((line) => line.startsWith('a message could not be read')).length >= 2);
  expect((await get('/api/v1/quotes?venue=okx&symbol=ETH%2FUSDT')).body.data).toHaveLength(1);
});
