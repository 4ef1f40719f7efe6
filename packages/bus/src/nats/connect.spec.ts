import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { connectNats } from './connect.js';

let server: Server;
afterEach(() => void server.close());

/** A server that lets nobody in, and says why as nats-server does. */
function refusing(reason: string): Promise<string> {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('INFO {"server_id":"x","version":"2.14.0","proto":1,"auth_required":true,"max_payload":1048576,"headers":true}\r\n');
    socket.once('data', () => socket.end(`-ERR '${reason}'\r\n`));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`nats://127.0.0.1:${(server.address() as AddressInfo).port}`)));
}

test.each([
  ['Authentication Timeout', 'BUS_TIMEOUT', /did not get the login in time/, true],
  ['Authorization Violation', 'BUS_REFUSED', /refuses user "risk"/, false],
])('a server that says %s is told as %s', async (reason, code, message, retryable) => {
  const servers = await refusing(reason);
  await expect(connectNats({ servers, user: 'risk', password: 'right', name: 'test' })).rejects.toMatchObject({
    code, retryable, message: expect.stringMatching(message),
  });
});
