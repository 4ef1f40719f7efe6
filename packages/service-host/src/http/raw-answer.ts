import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from './problem.js';

/** Answers where there is no HTTP reply to do it with (any more), with what is wrong, and lets go of the connection. */
export function answerRaw(socket: Duplex, { status, body, headers }: Problem): void {
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`, 'content-type: application/json; charset=utf-8', 'connection: close',
    `content-length: ${Buffer.byteLength(text)}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  // A client that neither reads nor closes must not keep the connection.
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
