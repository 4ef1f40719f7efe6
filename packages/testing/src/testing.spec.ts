import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { describeWith, freePort, missingNeed, programPath, recordings, startNatsServer, startRedis } from './index.js';

/** Sends a line to a port and gives the first piece of the answer. */
function ask(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(line));
    socket.once('data', (piece) => {
      socket.destroy();
      resolve(piece.toString());
    });
    socket.once('error', reject);
  });
}

describeWith('nats-server', 'a real nats-server', () => {
  test('starts with JetStream, dies by kill -9, comes back on its port, and stops', async () => {
    const server = await startNatsServer();
    const information = await ask(server.port, '');
    expect(information).toContain('"jetstream":true');
    const before = server.pid;
    await server.kill();
    await expect(ask(server.port, '')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await ask(server.port, '')).toContain('"server_id"');
    await server.stop();
    await expect(ask(server.port, '')).rejects.toThrow('ECONNREFUSED');
  });

  test('says what a bad configuration is', async () => {
    let folder = '';
    const config = (_: number, storeDirectory: string): string => {
      folder = dirname(storeDirectory);
      return 'listen: nowhere:what';
    };
    await expect(startNatsServer({ config })).rejects.toThrow(/did not start.*what/s);
    expect([folder === '', existsSync(folder)]).toEqual([false, false]);
  });
});

describeWith('redis-server', 'a real Redis', () => {
  test('answers and stops', async () => {
    const server = await startRedis();
    expect(await ask(server.port, 'PING\r\n')).toBe('+PONG\r\n');
    await server.stop();
    await server.stop();
  });
});

describe('needs', () => {
  const saved = { ...process.env };
  afterEach(() => {
    process.env.PARALLAX_TEST_NATS_SERVER = saved.PARALLAX_TEST_NATS_SERVER;
    if (saved.PARALLAX_TEST_NATS_SERVER === undefined) delete process.env.PARALLAX_TEST_NATS_SERVER;
  });

  test('a named program that is not there counts as missing, whatever the cache holds', () => {
    process.env.PARALLAX_TEST_NATS_SERVER = '/nowhere/nats-server';
    expect(programPath('nats-server')).toBeNull();
    expect(missingNeed('nats-server')).toContain('nats-server is missing');
  });

  test('a missing recording is named with the folder it was looked for in', () => {
    expect(recordings('no/such/file')).toBeNull();
    expect(missingNeed({ recording: 'no/such/file' })).toContain('no/such/file is not below');
  });

  test('two free ports differ', async () => {
    expect(await freePort()).not.toBe(await freePort());
  });
});
