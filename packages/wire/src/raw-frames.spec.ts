import { expect, test } from '@jest/globals';
import { RawKind } from '@parallax/types';
import { RAW_CHUNK_BYTES, RawAssembler, RawWriter } from './raw-frames.js';

const frame = (number: number) => ({ connection: 7, frame: number, receivedAtUs: 1_700_000_000_000_000, epoch: 3, kind: RawKind.stream });
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);
const messagesOf = (writer: RawWriter, number: number, length: number): Uint8Array[] => {
  const messages: Uint8Array[] = [];
  writer.write(frame(number), bytes(length), (message) => messages.push(message.slice()));
  return messages;
};

test.each([0, 1, 99, 100, 101, 5_000])('a frame of %d bytes comes back whole', (length) => {
  const assembler = new RawAssembler();
  const messages = messagesOf(new RawWriter(100), 1, length);
  expect(messages).toHaveLength(Math.max(1, Math.ceil(length / 100)));
  expect(messages.map((message) => assembler.take(message))).toEqual(messages.map((_, i) => i === messages.length - 1));
  expect(assembler.frame).toEqual(frame(1));
  expect([...assembler.bytes]).toEqual([...bytes(length)]);
  expect(assembler.lost).toBe(0);
});

test.each([65_536, 900_000, 900_001, 2_000_000])('a frame of %d bytes comes back whole in messages of the usual size', (length) => {
  const assembler = new RawAssembler();
  const writer = new RawWriter();
  for (const number of [1, 2]) {
    const messages = messagesOf(writer, number, length);
    expect(messages).toHaveLength(Math.ceil(length / RAW_CHUNK_BYTES));
    expect(messages.map((message) => assembler.take(message)).at(-1)).toBe(true);
    expect(assembler.frame).toEqual(frame(number));
    expect(Buffer.from(assembler.bytes).equals(Buffer.from(bytes(length)))).toBe(true);
  }
});

test('a missing message is counted and its frame never comes out half', () => {
  const writer = new RawWriter(100);
  const assembler = new RawAssembler();
  const large = messagesOf(writer, 1, 250);
  const small = messagesOf(writer, 2, 10);
  expect(assembler.take(large[0])).toBe(false);
  expect(assembler.take(large[2])).toBe(false);
  expect(assembler.lost).toBe(1);
  expect(assembler.take(small[0])).toBe(true);
  expect(assembler.frame.frame).toBe(2);
});

test('bytes that are no raw frame count as lost', () => {
  const assembler = new RawAssembler();
  expect(assembler.take(new Uint8Array(5))).toBe(false);
  expect(assembler.take(new Uint8Array(200))).toBe(false);
  expect(assembler.lost).toBe(2);
});
