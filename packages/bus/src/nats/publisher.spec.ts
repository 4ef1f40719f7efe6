import { expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BusStatus } from '../bus.js';
import { Publisher } from './publisher.js';

const MEBIBYTE = new Uint8Array(2 ** 20);
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A connection that takes everything and confirms what the test says. */
function publishing(): { publisher: Publisher; sent: string[]; told: BusStatus[]; flushes: { resolve(): void; reject(error: Error): void }[]; time: { us: number } } {
  const sent: string[] = [];
  const told: BusStatus[] = [];
  const flushes: { resolve(): void; reject(error: Error): void }[] = [];
  const time = { us: 1 };
  const connection = {
    isClosed: () => false,
    protocol: {
      sendCommand: (message: Uint8Array) => void sent.push(Buffer.from(message.subarray(0, 64)).toString('latin1').split(' ')[1]),
      flushPending: () => {}, outbound: { size: () => 0 },
    },
    flush: () => new Promise<void>((resolve, reject) => void flushes.push({ resolve, reject })),
  } as unknown as NatsConnection;
  return { publisher: new Publisher(connection, () => time.us, (status) => void told.push(status)), sent, told, flushes, time };
}

test('what the server has not confirmed is bounded: beyond it messages are lost and told, at most once a second', async () => {
  const { publisher, sent, told, flushes, time } = publishing();
  for (let i = 0; i < 70; i++) publisher.publish('md.quote', MEBIBYTE);
  // 64 with the lengths of their subjects are more than the limit.
  expect([sent.length, flushes.length, told]).toEqual([63, 1, [{ type: 'slow', subject: 'md.quote', lost: 1 }]]);
  time.us += 1_000_000;
  publisher.publish('md.trade', MEBIBYTE);
  expect(told.at(-1)).toEqual({ type: 'slow', subject: 'md.trade', lost: 7 });
  // The first question asked for the first message alone; the next, for all that was sent meanwhile.
  flushes[0].resolve();
  await turn();
  expect(flushes).toHaveLength(2);
  for (let i = 0; i < 2; i++) publisher.publish('md.quote', MEBIBYTE);
  expect(sent).toHaveLength(64);
  flushes[1].resolve();
  await turn();
  for (let i = 0; i < 60; i++) publisher.publish('md.quote', MEBIBYTE);
  expect([sent.length, flushes.length]).toEqual([124, 3]);
  for (const at of [2, 3]) {
    flushes[at].resolve();
    await turn();
  }
  for (let i = 0; i < 60; i++) publisher.publish('md.quote', MEBIBYTE);
  expect([sent.length, flushes.length]).toEqual([184, 5]);
});

test('without a connection the bound is an eighth, and one that broke owes no confirmation', async () => {
  const { publisher, sent, flushes } = publishing();
  publisher.publish('md.quote', MEBIBYTE);
  publisher.connected = false;
  for (let i = 0; i < 20; i++) publisher.publish('md.quote', MEBIBYTE);
  expect([sent.length, flushes.length]).toEqual([7, 1]);
  flushes[0].reject(new Error('closed'));
  await turn();
  for (let i = 0; i < 20; i++) publisher.publish('md.quote', MEBIBYTE);
  expect(sent).toHaveLength(14);
});

test('small messages are not asked about one by one', () => {
  const { publisher, flushes } = publishing();
  for (let i = 0; i < 500; i++) publisher.publish('md.quote', new Uint8Array(1_000));
  expect(flushes).toHaveLength(0);
  for (let i = 0; i < 50; i++) publisher.publish('md.quote', new Uint8Array(1_000));
  expect(flushes).toHaveLength(1);
});
