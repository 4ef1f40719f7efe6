import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Joining, Memory, Question } from './protocol.js';

const END_MS = 2_000;

/** A process of a bench, as the parent sees it. */
export class Child {
  private asked = 0;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private constructor(private readonly process: ChildProcess, private readonly role: string) {
    process.on('message', (message: Answer) => this.onAnswer(message));
    process.on('exit', (code, signal) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`${role} ended: ${signal ?? code}`));
    });
  }

  /** Starts `script` (relative to this folder) under the same Node options as this process; resolves when it is ready. */
  static async start(script: string, joining: Joining): Promise<Child> {
    const file = fileURLToPath(new URL(script, import.meta.url));
    const started = fork(file, [JSON.stringify(joining)], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const child = new Child(started, joining.role);
    await new Promise((resolve, reject) => child.waiting.set(0, { resolve, reject }));
    return child;
  }

  ask<Result>(ask: string, value: unknown = null): Promise<Result> {
    const id = ++this.asked;
    const question: Question = { id, ask, value };
    return new Promise<Result>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve, reject });
      this.process.send(question, (error) => {
        if (error) this.onAnswer({ id, error: `${this.role}: ${error.message}` });
      });
    });
  }

  memory(): Promise<Memory> {
    return this.ask('memory');
  }

  /** Since it started, in microseconds. */
  processorUs(): Promise<number> {
    return this.ask('processorUs');
  }

  /** Has it end; it saves nothing but a profile where Node was asked for one. */
  end(): void {
    if (this.process.connected) this.process.disconnect();
    setTimeout(() => this.process.kill('SIGKILL'), END_MS).unref();
  }

  private onAnswer(message: Answer): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }
}
