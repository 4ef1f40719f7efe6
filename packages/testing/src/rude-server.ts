import { createServer, type AddressInfo, type Socket } from 'node:net';
import { seeded } from './seeded.js';

/** What a server may say, or how it follows from what was asked; in latin1, so that it may hold any byte. */
export type RudeAnswer = string | ((asked: string) => string);

export interface RudeServer {
  readonly port: number;
  /** Connections that came. */
  readonly accepted: number;
  stop(): Promise<void>;
}

/**
 * A server that serves badly: it resets connections as they come or as they ask, answers with a piece of one of `answers` or
 * with noise, and resets or ends there. What it does is seeded.
 */
export async function startRudeServer(seed: number, answers: readonly RudeAnswer[]): Promise<RudeServer> {
  const random = seeded(seed);
  const open = new Set<Socket>();
  let accepted = 0;
  const pieceFor = (asked: string): Uint8Array => {
    if (random() < 0.2) return Uint8Array.from({ length: 1 + Math.floor(random() * 500) }, () => Math.floor(random() * 256));
    const answer = answers[Math.floor(random() * answers.length)];
    const whole = Buffer.from(typeof answer === 'string' ? answer : answer(asked), 'latin1');
    return random() < 0.5 ? whole : whole.subarray(0, 1 + Math.floor(random() * whole.length));
  };
  const server = createServer((socket) => {
    accepted++;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    if (random() < 0.2) return void socket.resetAndDestroy();
    const resets = random() < 0.7;
    const saysNothing = random() < 0.2;
    socket.once('data', (asked) => {
      if (saysNothing) return void socket.resetAndDestroy();
      socket.write(pieceFor(asked.toString('latin1')), () => (resets ? socket.resetAndDestroy() : socket.end()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
