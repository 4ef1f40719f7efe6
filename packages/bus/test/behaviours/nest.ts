import 'reflect-metadata';
import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { expect, test } from '@jest/globals';
import { ParallaxError } from '@parallax/types';
import { of } from 'rxjs';
import type { Observable } from 'rxjs';
import { until } from '@parallax/testing';
import { requestJson } from '../../src/index.js';
import type { Bus } from '../../src/index.js';
import { BUS, BusContext, BusErrorFilter, BusEvent, BusModule, BusRequest, BusStrategy } from '../../src/nest/index.js';
import type { Suite } from './suite.js';
import { bytesOf, pause, textOf } from '../support/fixture.js';

@Injectable()
class Greeter {
  constructor(@Inject(BUS) readonly bus: Bus) {}
  greet(name: string): string {
    return `hello ${name} over ${this.bus.transport}`;
  }
}

const heard: unknown[] = [];
const raw: string[] = [];
let slowlyAnswered = false;

@Module({})
class Application {}

@Controller()
class Handlers {
  constructor(private readonly greeter: Greeter) {}

  @BusEvent('t.nest.event.*', { queue: 'nest' })
  onEvent(@Payload() data: unknown, @Ctx() context: BusContext): void {
    heard.push({ data, subject: context.subject, trace: context.header('Trace') });
  }

  @BusEvent('t.nest.raw', { raw: true })
  onRaw(@Payload() bytes: Uint8Array): void {
    raw.push(textOf(bytes));
  }

  @BusEvent('t.nest.broken')
  async onBroken(): Promise<void> {
    await pause(1);
    throw new Error('an event handler fails');
  }

  @MessagePattern('t.nest.greet')
  async greet(@Payload() { name }: { name: string }): Promise<string> {
    await pause(1);
    return this.greeter.greet(name);
  }

  @MessagePattern('t.nest.observable')
  observable(): Observable<number> {
    return of(1, 2, 3);
  }

  @BusRequest('t.nest.refuse')
  refuse(): never {
    throw new ParallaxError('INPUT_REFUSED', 'the size is negative', { place: 'size', retryable: false });
  }

  @MessagePattern('t.nest.secret')
  secret(): never {
    throw new Error('the password is 1234');
  }

  @BusRequest(['t.nest.first', 't.nest.second'], { whileActing: true })
  decide(@Ctx() { subject }: BusContext): string {
    return subject;
  }

  @MessagePattern('t.nest.slow')
  async slow(): Promise<string> {
    slowlyAnswered = true;
    await pause(150);
    return 'finished';
  }
}

export const nest: Suite = (fixture) => {
  test('controllers hear events, answer requests, and their errors come back as errors', async () => {
    const bus = await fixture().bus('tester');
    const client = await fixture().bus('tester');
    const faults: string[] = [];
    const strategy = new BusStrategy(bus, (error, subject) => void faults.push(`${subject}: ${(error as Error).message}`));
    const app = await NestFactory.createMicroservice(
      { module: Application, imports: [BusModule.of(strategy)], controllers: [Handlers], providers: [Greeter] },
      { strategy, logger: false },
    );
    app.useGlobalFilters(new BusErrorFilter());
    await app.listen();
    const ask = (subject: string, value?: unknown): Promise<unknown> => requestJson(client, subject, value, { timeoutMs: 60_000 });

    heard.length = 0;
    raw.length = 0;
    slowlyAnswered = false;
    client.publish('t.nest.event.a', bytesOf('{"n":1}'), { Trace: 'abc' });
    client.publish('t.nest.event.b', bytesOf('not json'));
    client.publish('t.nest.broken', bytesOf('{}'));
    client.publish('t.nest.raw', bytesOf('as it is'));
    client.publish('t.nest.event.c', bytesOf(''));
    await until(() => heard.length === 2 && raw.length === 1);
    expect(heard).toEqual([
      { data: { n: 1 }, subject: 't.nest.event.a', trace: 'abc' },
      { data: undefined, subject: 't.nest.event.c', trace: undefined },
    ]);
    expect(raw).toEqual(['as it is']);
    expect(await ask('t.nest.greet', { name: 'risk' })).toBe(`hello risk over ${fixture().transport}`);
    expect(await ask('t.nest.observable')).toBe(3);
    await expect(ask('t.nest.refuse')).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: 'the size is negative',
      place: 'size',
      outcomeUnknown: false,
    });
    await expect(ask('t.nest.secret')).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(ask('t.nest.secret')).rejects.not.toThrow(/1234/);
    const garbage = await client.request('t.nest.greet', bytesOf('{'), { timeoutMs: 60_000 });
    expect(textOf(garbage.bytes)).toContain('INPUT_REFUSED');

    // The asker learns INTERNAL alone; the owner's log learns what happened.
    await until(() => faults.includes('t.nest.broken: an event handler fails'));
    expect(faults).toContain('t.nest.secret: the password is 1234');

    await expect(ask('t.nest.first')).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
    strategy.setActing(true);
    await bus.flush();
    expect([await ask('t.nest.first'), await ask('t.nest.second')]).toEqual(['t.nest.first', 't.nest.second']);
    strategy.setActing(false);
    await bus.flush();
    await expect(ask('t.nest.first')).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });

    const slow = ask('t.nest.slow');
    await until(() => slowlyAnswered);
    await app.close();
    expect(await slow).toBe('finished');
    await expect(ask('t.nest.greet', {})).rejects.toMatchObject({ code: 'BUS_NO_RESPONDER' });
  });
};
