import { createConnection, type Socket } from 'node:net';
import { seeded } from './seeded.js';

/** When a client leaves: as soon as it has written, once an answer begins, or once the server has ended the connection. */
export type Leaving = 'sent' | 'answered' | 'ended';

/** A server may well wait for more of a request that never comes; then the client leaves all the same. */
const PATIENCE_MS = 10_000;

/**
 * Writes `pieces` to 127.0.0.1:`port` one after the other and then resets the connection (RST), as a program does that is
 * killed. Resolves with what the server had said by then.
 */
export function resetAfter(port: number, pieces: readonly (string | Uint8Array)[], leaving: Leaving, patienceMs = PATIENCE_MS): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = createConnection({ port, host: '127.0.0.1' });
    const leave = (): void => {
      clearTimeout(limit);
      socket.resetAndDestroy();
      resolve(answer);
    };
    const limit = setTimeout(leave, patienceMs);
    socket.on('error', leave);
    socket.on('data', (piece) => {
      answer += piece.toString('latin1');
      if (leaving === 'answered') leave();
    });
    socket.on('end', leave);
    socket.on('close', leave);
    void write(socket, pieces).then(() => leaving === 'sent' && leave());
  });
}

async function write(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<void> {
  for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
}

/** The request by which a client asks for a WebSocket (RFC 6455, 4.1), with `more` in place of the usual headers. */
export function upgradeRequest(port: number, path: string, more: Readonly<Record<string, string | undefined>> = {}): string {
  const headers = {
    Host: `127.0.0.1:${port}`, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...more,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export interface RudeCrowd {
  readonly port: number;
  readonly seed: number;
  /** How many connections in all. */
  readonly count: number;
  /** Paths that answer a GET. */
  readonly paths: readonly string[];
  /** Where a WebSocket is to be had, if anywhere. */
  readonly streamPath?: string;
}

const AT_ONCE = 32;
const CROWD_PATIENCE_MS = 200;

/** A seeded crowd of clients that speak HTTP and WebSocket badly and leave by a reset at any moment. */
export async function rudeCrowd({ port, seed, count, paths, streamPath }: RudeCrowd): Promise<void> {
  const random = seeded(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const path = (): string => (streamPath === undefined || random() < 0.5 ? pick(paths) : streamPath);
  const headers = [
    {}, {}, {}, { Host: 'elsewhere.example' }, { Origin: 'https://elsewhere.example' }, { 'Sec-WebSocket-Version': '7' }, { 'Sec-WebSocket-Key': 'short' },
    { 'Sec-WebSocket-Key': undefined }, { Upgrade: 'h2c' }, { 'Content-Length': '9999' }, { 'X-Long': 'x'.repeat(70_000) },
  ];
  const openings: (() => (string | Uint8Array)[])[] = [
    () => [`GET ${path()} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`],
    () => [`GET ${path()} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(20)],
    () => [`POST ${path()} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"who":`],
    () => [`POST ${path()} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"who\r\nZ\r\n`],
    () => [`CONNECT ${path()} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nExpect: 100-continue\r\n\r\n`],
    () => [upgradeRequest(port, path(), pick(headers))],
    () => [upgradeRequest(port, path(), pick(headers)), frame(pick([0x81, 0x82, 0x88, 0x89, 0x8f, 0xf1, 0x01]), noise(Math.floor(random() * 200)))],
    () => [upgradeRequest(port, path()), frame(0x81, noise(pick([1, 4_096, 70_000])))],
    // A ClientHello of TLS 1.2 in front of noise, as a browser sends to a port that speaks no TLS.
    () => [Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01), noise(100)],
    () => [noise(1 + Math.floor(random() * 2_000))],
  ];
  const one = async (): Promise<void> => {
    let whole = Buffer.concat(pick(openings)().map((piece) => Buffer.from(piece)));
    if (random() < 0.5) whole = whole.subarray(0, 1 + Math.floor(random() * whole.length));
    if (random() < 0.3) whole[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
    const cut = Math.floor(random() * whole.length);
    await resetAfter(port, [whole.subarray(0, cut), whole.subarray(cut)], pick(['sent', 'sent', 'answered'] as const), CROWD_PATIENCE_MS);
  };
  for (let begun = 0; begun < count; begun += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - begun) }, one));
}

/** A client's frame with its first byte given (FIN, reserved bits, kind), masked by zeros (RFC 6455, 5.2). */
function frame(first: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const size = length < 126 ? [length | 0x80] : length < 65_536 ? [126 | 0x80, length >> 8, length & 255] : [127 | 0x80, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Uint8Array.from([first, ...size, 0, 0, 0, 0, ...payload]);
}
