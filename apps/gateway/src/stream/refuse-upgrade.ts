import type { Duplex } from 'node:stream';
import type { Problem } from '../http/problem.js';

/** Answers a request for a WebSocket with why there is none, and lets go of the connection. */
export function refuseUpgrade(socket: Duplex, { status, body }: Problem): void {
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(text)}`;
  // A client that neither reads nor closes must not keep the connection.
  socket.end(`${head}\r\n\r\n${text}`, () => socket.destroy());
}
