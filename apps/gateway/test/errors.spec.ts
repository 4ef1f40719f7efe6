import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bus, MemoryBus } from '@parallax/bus';
import { until } from '@parallax/testing';
import { ParallaxError } from '@parallax/types';
import { BUCKETS, encodeJson, subjects, token } from '@parallax/wire';
import { errorsOf, errorView, hashOfKey, ROUTES, type GatewayService } from '../src/index.js';
import { specificationOf } from './market-feeder.js';
import { closeAll, makeBus, startGateway } from './running-gateway.js';

/** Every error that the OpenAPI document tells of is brought about at every operation that tells of it, and has the one form. */
const KEY = 'a-long-enough-test-key';
type Route = (typeof ROUTES)[number];

let bus: MemoryBus;
let gateway: GatewayService;
let port: number;
/** What the gateway's bus fails at, by what it is called for. */
const failing = new Map<'append' | 'put' | 'read', ParallaxError>();

const checkFault = (of: 'append' | 'put' | 'read'): void => {
  const fault = failing.get(of);
  if (fault) throw fault;
};

/** The gateway's end of the bus, which fails as `failing` says. */
function faulty(real: Bus): Bus {
  const over = <T extends object>(target: T, changed: Partial<T>): T => new Proxy(target, {
    get: (of, name) => {
      const value: unknown = Reflect.get(name in changed ? changed : of, name);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
  const streams = over(real.streams, {
    append: async (...given) => (checkFault('append'), real.streams.append(...given)),
    read: (...given) => (checkFault('read'), real.streams.read(...given)),
  });
  const state: Bus['state'] = (bucket) => {
    const found = real.state(bucket);
    return over(found, { put: async (...given) => (checkFault('put'), found.put(...given)) });
  };
  return over(real, { streams, state });
}

beforeAll(async () => {
  bus = await makeBus();
  const specification = specificationOf('okx', 'BTC');
  await bus.state(BUCKETS.instruments).put(`okx.${token('BTC/USDT')}`, encodeJson(specification));
  await bus.state(BUCKETS.limits).put('paper', encodeJson({ currency: 'USDT', capital: '100000' }));
  const own = { as: (user: string) => faulty(bus.as(user)) } as MemoryBus;
  gateway = await startGateway(own, { apiKeyHashes: [hashOfKey(KEY)], requestTimeoutMs: 1_000 });
  port = Number(new URL(gateway.address).port);
  await until(() => gateway.core.collections.instrument.get('okx:BTC/USDT') !== undefined);
});
afterAll(closeAll);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
interface Asked {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly method?: string;
}

const BODIES: Readonly<Record<string, object>> = {
  '/api/v1/risk/halt': { who: 'ann', why: 'testing', account: 'paper' },
  '/api/v1/risk/resume': { who: 'ann', why: 'testing', account: 'paper' },
  '/api/v1/risk/limits': { who: 'ann', why: 'testing', account: 'paper', limits: { capital: '5' } },
  '/api/v1/risk/evened': { who: 'ann', why: 'testing', account: 'paper', plan: 'intent-9' },
};

function ask({ method, path, body: schema }: Route, asked: Asked = {}): Promise<Answer> {
  const body = asked.body ?? (schema === undefined ? undefined : JSON.stringify(BODIES[path]));
  const headers = { host: `127.0.0.1:${port}`, 'x-api-key': KEY, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...asked.headers };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, method: asked.method ?? method.toUpperCase(), path: path + (asked.query ?? ''), headers }, (reply) => {
      let text = '';
      reply.on('data', (piece: Buffer) => (text += piece.toString())).on('end', () => resolve({ status: reply.statusCode ?? 0, body: JSON.parse(text || 'null') }));
    });
    sent.on('error', reject).end(body);
  });
}

/** What comes back for bytes that are no whole request. */
function raw(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (piece: Buffer) => (answer += piece.toString())).on('error', reject);
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), body: JSON.parse(answer.split('\r\n\r\n')[1] ?? 'null') }));
  });
}

const head = ({ method, path, body }: Route): string =>
  `${method.toUpperCase()} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nx-api-key: ${KEY}\r\n${body === undefined ? '' : 'content-type: application/json\r\ncontent-length: 100\r\n'}`;
const replied = async (subject: string, reply: object | null, asking: () => Promise<Answer>): Promise<Answer> => {
  const answering = bus.subscribe(subject, (message) => void (reply && message.respond(encodeJson(reply))));
  try {
    return await asking();
  } finally {
    answering.unsubscribe();
  }
};
const whileFailing = async (of: 'append' | 'put' | 'read', code: 'STORE_FAILED' | 'BUS_TIMEOUT', asking: () => Promise<Answer>): Promise<Answer> => {
  failing.set(of, new ParallaxError(code, 'it fails'));
  try {
    return await asking();
  } finally {
    failing.delete(of);
  }
};
const otherAccount = (route: Route): Promise<Answer> => ask(route, { body: JSON.stringify({ ...BODIES[route.path], account: 'papre' }) });
const book = (symbol: string) => (route: Route): Promise<Answer> => ask(route, { query: `?venue=okx&symbol=${symbol}` });
const conflict = { error: { code: 'STATE_CONFLICT', message: 'changed', place: 'capital' } };

/** How each status is brought about: of an operation by itself, or of all that tell of it. */
const CAUSES: Readonly<Record<string, (route: Route) => Promise<Answer>>> = {
  400: (route) => route.body !== undefined ? ask(route, { body: '{"who":' }) : route.query !== undefined ? ask(route, { query: '?nonsense=1' }) : raw(`${head(route)}no header\r\n\r\n`),
  401: (route) => ask(route, { headers: { 'x-api-key': '' } }),
  403: (route) => ask(route, { headers: { origin: 'https://elsewhere.example' } }),
  408: (route) => raw(route.body === undefined ? head(route) : `${head(route)}\r\n{"who":`),
  413: (route) => ask(route, { body: JSON.stringify({ who: 'x'.repeat(20_000) }) }),
  415: (route) => ask(route, { headers: { 'content-type': 'text/plain' } }),
  421: (route) => ask(route, { headers: { host: 'elsewhere.example' } }),
  431: (route) => raw(`${head(route)}x-long: ${'x'.repeat(20_000)}\r\n\r\n`),
  429: (route) => ask(route, { headers: { 'x-api-key': 'a guess' } }),
  500: async (route) => {
    const { isKey } = gateway.access;
    gateway.access.isKey = () => {
      throw new Error('broken');
    };
    const answer = await ask(route);
    gateway.access.isKey = isKey;
    return answer;
  },
  '/api/v1/book 404': book('NO%2FSUCH'),
  '/api/v1/book 503': book('BTC%2FUSDT'),
  '/api/v1/fills 503': (route) => whileFailing('read', 'STORE_FAILED', () => ask(route)),
  '/api/v1/fills 504': (route) => whileFailing('read', 'BUS_TIMEOUT', () => ask(route)),
  '/api/v1/risk/halt 404': otherAccount,
  '/api/v1/risk/halt 503': (route) => whileFailing('put', 'STORE_FAILED', () => ask(route)),
  '/api/v1/risk/resume 404': otherAccount,
  '/api/v1/risk/resume 409': (route) => replied(subjects.resume(), conflict, () => ask(route)),
  '/api/v1/risk/resume 503': (route) => ask(route),
  '/api/v1/risk/resume 504': (route) => replied(subjects.resume(), null, () => ask(route)),
  '/api/v1/risk/limits 404': otherAccount,
  '/api/v1/risk/limits 409': (route) => replied(subjects.limits(), conflict, () => ask(route)),
  '/api/v1/risk/limits 503': (route) => ask(route),
  '/api/v1/risk/limits 504': (route) => replied(subjects.limits(), null, () => ask(route)),
  '/api/v1/risk/evened 404': (route) => ask(route),
  '/api/v1/risk/evened 503': (route) => whileFailing('read', 'STORE_FAILED', () => ask(route)),
};

const strict = errorView.extend({ error: errorView.shape.error.strict() }).strict();
const formOf = ({ body }: Answer): unknown => strict.safeParse(body).error?.issues;

test.each(['408', '429', ...Object.keys(CAUSES).filter((status) => status.length === 3 && status !== '408' && status !== '429')])(
  'each operation that tells of %s answers it in the one form', async (status) => {
    const routes = ROUTES.filter((route) => errorsOf(route).includes(Number(status)) && !route.errors?.includes(Number(status)));
    expect(routes.length).toBeGreaterThan(3);
    // Side by side where each waits for a time; what breaks the gateway for a moment, one by one.
    const answers: Answer[] = [];
    if (status === '429') for (let i = 0; i < 10; i++) expect((await CAUSES[429](routes[0])).status).toBe(401);
    if (status === '500') for (const route of routes) answers.push(await CAUSES[status](route));
    else answers.push(...await Promise.all(routes.map((route) => CAUSES[status](route))));
    expect(answers.map((answer, at) => [routes[at].path, answer.status, formOf(answer)])).toEqual(routes.map(({ path }) => [path, Number(status), undefined]));
  },
);

test('each operation’s own errors come in the one form, and none is told of that never comes', async () => {
  for (const route of ROUTES) {
    for (const status of route.errors ?? []) {
      const answer = await CAUSES[`${route.path} ${status}`](route);
      expect([route.path, status, answer.status, formOf(answer)]).toEqual([route.path, status, status, undefined]);
    }
  }
  const known = ROUTES.flatMap((route) => errorsOf(route).map((status) => (route.errors?.includes(status) ? `${route.path} ${status}` : String(status))));
  expect(Object.keys(CAUSES).filter((cause) => !known.includes(cause))).toEqual([]);
});

test('so do an address that there is not and a method that is not answered, which says what is', async () => {
  const nowhere = await ask({ ...ROUTES[0], path: '/api/v1/nowhere' });
  expect([nowhere.status, formOf(nowhere)]).toEqual([404, undefined]);
  for (const route of ROUTES) {
    const answer = await ask(route, { method: 'PUT' });
    expect([route.path, answer.status, answer.body]).toEqual([route.path, 405, {
      error: { code: 'METHOD_REFUSED', place: null, message: `PUT is not answered here, but ${route.method === 'post' ? 'POST' : 'GET, HEAD'}` },
    }]);
  }
});
