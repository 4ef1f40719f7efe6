import { createHash } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { systemPorts } from '@parallax/bus';
import { startRudeServer, type RudeServer } from '@parallax/testing';
import { Fetch, WebSockets } from '../src/system-sockets.js';

/** A venue may answer anything and reset at any moment: each socket tells its end once, each question is answered or fails. */
const TRIES = 200;
/** The answer that opens a WebSocket (RFC 6455, 4.2.2), and what the venue says on it. */
const opened = (frames: string) => (asked: string): string => {
  const key = /sec-websocket-key: (\S+)/i.exec(asked)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n${frames}`;
};
const ANSWERS = [
  'HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 9\r\n\r\nslow down',
  'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"bids":',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"bid\r\nZZ\r\n',
  'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n',
];
const TEXT = '\x81\x05hello';
const STREAMS = [
  ...ANSWERS, opened(''), opened(TEXT.repeat(20)), opened(`${TEXT}\x88\x02\x03\xe8`), opened('\x89\x00'), opened('\xff\x7f'), opened('\x81\xff1234'),
  opened(`\x82\x7f${'\x7f'.repeat(8)}`), opened(`\x88\x02\x00\x01`), opened('\x80\x01a'),
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
];

let venue: RudeServer;
afterEach(() => venue.stop());

test('each socket ends once, with a reason', async () => {
  venue = await startRudeServer(3, STREAMS);
  const sockets = new WebSockets(systemPorts().clock);
  let opens = 0;
  let frames = 0;
  const ends: string[] = [];
  for (let each = 0; each < TRIES; each++) {
    let told = 0;
    await new Promise<void>((resolve) => {
      const socket = sockets.open(`ws://127.0.0.1:${venue.port}/stream`, {
        onOpen: () => {
          opens++;
          socket.send('{"op":"subscribe"}');
        },
        onFrame: () => void frames++,
        onClose: (code, reason) => {
          ends.push(`${code} ${reason}`);
          expect(++told).toBe(1);
          resolve();
        },
      });
      if (each % 5 === 0) socket.close();
    });
  }
  expect(ends).toHaveLength(TRIES);
  expect(new Set(ends).size).toBeGreaterThan(3);
  expect(opens * frames).toBeGreaterThan(0);
});

test('each question is answered or fails with VENUE_UNREACHABLE', async () => {
  venue = await startRudeServer(4, ANSWERS);
  const http = new Fetch();
  const ends: string[] = [];
  for (let each = 0; each < TRIES; each++) {
    await http.get(`http://127.0.0.1:${venue.port}/depth`, { timeoutMs: 5_000 }).then(
      ({ status }) => ends.push(String(status)),
      ({ code, retryable }) => ends.push(`${code} ${retryable}`),
    );
  }
  expect(new Set(ends)).toEqual(new Set(['429', '503', 'VENUE_UNREACHABLE true']));
});
