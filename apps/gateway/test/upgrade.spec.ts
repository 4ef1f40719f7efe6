import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { upgradeRequest } from '@parallax/testing';
import { WebSocket } from 'ws';
import { closeAll, makeBus, startGateway } from './running-gateway.js';
import type { GatewayService } from '../src/index.js';

/** An offer of another protocol is passed over, as HTTP says: the request is answered, whatever its path and body. */
let gateway: GatewayService;
let port: number;
beforeEach(async () => {
  gateway = await startGateway(await makeBus());
  port = Number(new URL(gateway.address).port);
});
afterEach(closeAll);

/** Sends the pieces one after the other, each once the answers before it are there, and gives the answers; a connection that is closed has no more. */
function exchange(requests: readonly (readonly string[])[]): Promise<{ status: number; body: string }[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    let begun = 0;
    const next = async (): Promise<void> => {
      for (const piece of requests[begun++]) await new Promise((sent) => socket.write(piece, () => setImmediate(sent)));
    };
    const socket = connect(port, '127.0.0.1', () => void next());
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      const answers = answersIn(text);
      if (answers.length < begun) return;
      if (begun < requests.length) return void next();
      socket.removeAllListeners('close').destroy();
      resolve(answers);
    });
  });
}

function answersIn(text: string): { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = [];
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end === -1) return answers;
    const head = text.slice(at, end);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    at = end + 4 + length;
    if (at > text.length) return answers;
    answers.push({ status: Number(head.slice(9, 12)), body: Buffer.from(text.slice(end + 4, at), 'latin1').toString() });
  }
}

const request = (method: string, path: string, more: readonly string[] = []): string =>
  [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...more, '', ''].join('\r\n');
const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'];

test.each([
  ['/api/v1/quotes', 200], ['/healthz', 200], ['/', 200], ['/api/v1/stream', 404], ['/api/v1/nowhere', 404],
] as const)('h2c is offered at %s', async (path, status) => {
  expect((await exchange([[request('GET', path, H2C)]]))[0].status).toBe(status);
});

test.each(['h2c', 'TLS/1.0', 'foo', 'websocket2', 'h2c, websocket'])('a connection that offers %s goes on, for as many requests as come', async (protocol) => {
  const one = request('GET', '/healthz', ['Connection: keep-alive, upgrade', `Upgrade: ${protocol}`]);
  expect(await exchange([[one], [one], [request('GET', '/healthz')]])).toEqual(Array.from({ length: 3 }, () => ({ status: 200, body: '{"status":"ok"}' })));
});

test('the body of a request that offers it arrives, with the head and after it', async () => {
  const body = JSON.stringify({ who: 'ann', why: 'testing the öffer' });
  const head = request('POST', '/api/v1/risk/halt', [
    ...H2C, 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, `x-parallax-token: ${gateway.access.startToken}`,
  ]);
  for (const pieces of [[head + body], [head, body], [head.slice(0, 60), head.slice(60) + body.slice(0, 9), body.slice(9)]]) {
    const [{ status, body: answer }] = await exchange([pieces]);
    expect([status, JSON.parse(answer)]).toMatchObject([200, { data: { record: { halted: true, by: 'ann', reason: 'testing the öffer' } } }]);
  }
});

test('an offer of a WebSocket is still one: taken where the stream is, refused in the one form elsewhere and where it is malformed', async () => {
  const reader = new WebSocket(`${gateway.address.replace('http', 'ws')}/api/v1/stream`);
  await new Promise((resolve, reject) => reader.once('message', resolve).once('error', reject));
  reader.terminate();
  const refusals: readonly (readonly [string, number])[] = [
    [upgradeRequest(port, '/api/v1/elsewhere'), 404], [upgradeRequest(port, '/api/v1/stream', { 'Sec-WebSocket-Key': 'short' }), 400],
    [upgradeRequest(port, '/api/v1/stream', { Host: 'elsewhere.example' }), 421],
  ];
  for (const [text, status] of refusals) {
    const [answer] = await exchange([[text]]);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error: { code: expect.any(String), message: expect.any(String), place: status === 421 ? 'host' : null } }]);
  }
});
