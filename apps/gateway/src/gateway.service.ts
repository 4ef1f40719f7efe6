import 'reflect-metadata';
import type { BusStatus } from '@parallax/bus';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { failedOf, healthOf, latencyOf, repeat, type Service } from '@parallax/runtime';
import { Problem } from '@parallax/service-host';
import { listeningRefused, type ServiceHealth } from '@parallax/types';
import { encodeJson, subjects, token } from '@parallax/wire';
import { isLoopback, refuseOpenDoor } from './configuration.js';
import { DeadLetters } from './core/dead-letters.js';
import { GatewayCore } from './core/gateway-core.js';
import type { GatewayDependencies } from './dependencies.js';
import { BookReader } from './feed/book-reader.js';
import { BusFeed } from './feed/bus-feed.js';
import { FillList } from './feed/fill-list.js';
import { HaltControl } from './feed/halt-control.js';
import { History } from './feed/history.js';
import { watchKeys } from './feed/key-watch.js';
import { PlanSearch } from './feed/plan-search.js';
import { showRemembered } from './feed/remembered.js';
import { GatewayModule } from './gateway.module.js';
import { GatewayParts } from './http/gateway-parts.js';
import { Lists } from './http/lists.js';
import { GatewayMetrics } from './http/metrics.js';
import { servePage } from './http/page.js';
import { ProblemFilter } from './http/problem-filter.js';
import { Readiness } from './http/readiness.js';
import { httpServer, refuseOtherThanJson } from './http/server.js';
import { Access } from './security/access.js';
import { Doorkeeper } from './security/doorkeeper.js';
import { Entrance } from './security/entrance.js';
import { StreamServer } from './stream/stream-server.js';

const HEALTH_MS = 1_000;
const WAKE_MS = 500;
const TOKEN_BYTES = 24;
/** What stands before the gateway calls by address, and learns here whether to send anybody on, and no more. */
const PROBES = new Set(['/healthz', '/readyz']);

/** The public face: knows what the bus says, shows it over HTTP and WebSocket, and hands on halts and resumes. */
export class GatewayService implements Service {
  readonly name = 'gateway' as const;
  readonly core: GatewayCore;
  private readonly deadLetters = new DeadLetters();
  readonly access: Access;
  private readonly feed: BusFeed;
  private readonly history: History;
  private readonly readiness: Readiness;
  /** Its own numbers, beside those of its health. */
  readonly metrics = new GatewayMetrics();
  private readonly doorkeeper: Doorkeeper;
  private readonly entrance: Entrance;
  private readonly stream: StreamServer;
  private app: NestFastifyApplication | null = null;
  private stopped = false;
  private startedAtUs = 0;
  private cancelHealth = (): void => {};
  private readonly stops: (() => void)[] = [];

  constructor(private readonly dependencies: GatewayDependencies) {
    const { bus, clock, timers, random, configuration, log } = dependencies;
    const nowUs = (): number => clock.nowUs();
    this.access = new Access(configuration.apiKeyHashes, configuration.startToken ?? random.id(TOKEN_BYTES), isLoopback(configuration.host));
    this.core = new GatewayCore(configuration.expectedServices);
    this.history = new History({ bus, clock, timers, random, log }, this.core, this.deadLetters);
    this.feed = new BusFeed(bus, this.core, this.deadLetters, nowUs, log, latencyOf(dependencies, 'received-to-taken'));
    this.readiness = new Readiness(this.core, clock, configuration.expectedServices);
    this.doorkeeper = new Doorkeeper(configuration.allowedHosts);
    this.entrance = new Entrance(this.access, clock, timers);
    this.stream = new StreamServer(this.core, clock, timers, this.doorkeeper, this.entrance, configuration.flushIntervalMs, failedOf(dependencies));
  }

  /** Where it listens, once started: `http://127.0.0.1:8080`. */
  address = '';

  /** @throws ParallaxError `CONFIG_REFUSED` for an address beyond loopback without a key. */
  async start(): Promise<void> {
    const { bus, timers, clock, configuration, log, lastValues } = this.dependencies;
    this.startedAtUs = clock.nowUs();
    const recalled = lastValues?.recall();
    this.stops.push(bus.onStatus((status) => this.onBusStatus(status.type)));
    const keys = await watchKeys(bus, this.access, log, () => void this.feed.counters.unreadable++, configuration.deletedKeysOpen);
    this.stops.push(() => keys.stop(), repeat(timers, WAKE_MS, () => this.core.onWake(clock.nowUs())));
    await this.feed.start();
    if (recalled) showRemembered(await recalled, this.core, log);
    refuseOpenDoor(configuration.host, this.access.keys);
    await this.listen();
    this.readiness.started = true;
    this.reportHealth();
    void this.history.read();
    log.info('the gateway listens', { address: this.address, apiKeys: this.access.keys });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.readiness.started = false;
    for (const stop of this.stops.splice(0)) stop();
    this.cancelHealth();
    this.history.stop();
    this.feed.stop();
    this.stream.stop();
    await this.app?.close();
    this.app = null;
  }

  private async listen(): Promise<void> {
    const { bus, clock, random, configuration, log } = this.dependencies;
    const nowUs = (): number => clock.nowUs();
    const parts = new GatewayParts(
      this.core,
      this.deadLetters,
      new Lists(random.id(8)),
      new BookReader(bus, this.core),
      new FillList(bus, log),
      new HaltControl(bus, nowUs, () => random.id(16), log, (account) => this.core.collections.limits.get(token(account)) !== undefined, new PlanSearch(this.core, bus.streams)),
      this.readiness,
      nowUs,
    );
    const adapter = httpServer(configuration.requestTimeoutMs, log);
    this.guard(adapter.getInstance());
    const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(parts), adapter, { logger: false });
    app.useGlobalFilters(new ProblemFilter(log));
    await app.init();
    this.stream.attach(app.getHttpServer());
    this.app = app;
    await app.listen(configuration.port, configuration.host).catch((error: unknown) => {
      throw listeningRefused(error, configuration.host, configuration.port, 'PORT');
    });
    const bound = app.getHttpServer().address();
    if (typeof bound !== 'object' || bound === null) throw new Problem(500, 'INTERNAL', 'the gateway has no address');
    this.doorkeeper.listenOn(bound.port);
    const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
    this.address = `http://${host}:${bound.port}`;
  }

  /** Who may come in, before anything of a request is read but its head; and the page, which all may load. */
  private guard(server: FastifyInstance): void {
    const open = new Set(PROBES);
    server.addHook('onRequest', async (request, reply) => {
      void reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      const { headers, ip: address, method, routeOptions: { url: route = '' } } = request;
      if (!PROBES.has(route)) this.doorkeeper.check(headers);
      if (open.has(route)) return;
      const changes = method !== 'GET' && method !== 'HEAD';
      await this.entrance.admit({ headers, address, changes });
      if (changes) refuseOtherThanJson(headers);
    });
    server.addHook('onResponse', async ({ method, routeOptions }, { statusCode }) => {
      this.metrics.requests.inc({ method, route: routeOptions.url ?? 'unknown', status: String(statusCode) });
    });
    for (const address of servePage(server, this.dependencies.configuration.pageDirectory, this.access)) open.add(address);
  }

  private onBusStatus(type: BusStatus['type']): void {
    const nowUs = this.dependencies.clock.nowUs();
    if (type === 'disconnected' || type === 'closed') this.core.onBus(false, nowUs);
    if (type !== 'connected') return;
    this.core.onBus(true, nowUs);
    // What was told meanwhile was told to nobody here.
    if (this.readiness.started) void this.history.read();
  }

  health(): ServiceHealth {
    const missing = this.readiness.started ? [] : ['it does not listen'];
    const counters = {
      ...this.feed.counters, ...this.dependencies.lastValues?.counters,
      ...this.entrance.counters, readers: this.stream.size, sent: this.stream.counters.sent, sequence: this.core.sequence,
    };
    return healthOf(this.name, this.dependencies, this.startedAtUs, missing, counters, this.entrance.troubles());
  }

  private reportHealth(): void {
    if (this.stopped) return;
    const { bus, timers, log } = this.dependencies;
    try {
      bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()));
    } catch (error) {
      log.warn('health could not be published', { reason: String(error) });
    }
    this.cancelHealth = timers.after(HEALTH_MS, () => this.reportHealth());
  }
}
