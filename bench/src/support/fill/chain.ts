import type { Bus } from '@parallax/bus';
import { encodeJson, bytesOfRow, subjects } from '@parallax/wire';
import { QUOTE_COLUMNS, type ServiceHealth } from '@parallax/types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calmRegime } from '../market.js';
import { Child } from '../processes/parent.js';
import { startProvisionedServer, type ProvisionedServer } from '../processes/servers.js';
import { SharedClock } from '../processes/shared-clock.js';
import { HOP_BODIES, SERVICE_BODIES, type Bodies } from './bodies.js';
import { ACCOUNT, FillMarket, INSTRUMENTS, SYMBOLS, VENUE_IDS } from './market.js';
import { intentOf, opportunityOf } from './plans.js';
import { listenForSizes, type FillSizes } from './sizes.js';
import { StageBook, type Stages } from './stages.js';

const MARKET_EVERY_MS = 100;
const REGIMES_EVERY_MS = 1_000;
const ROLES = ['paper', 'execution', 'risk'] as const;
const USERS = ['normalisation', 'regime', 'arbitrage', 'gateway', 'execution', 'paper'] as const;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface FillModes {
  /** Of the streams, as in nats.conf. */
  readonly syncInterval: string;
  /** Where the paper venues keep theirs; in a file it is synchronised with the disk at every order. */
  readonly journal: 'memory' | 'file';
}

export interface FillRun {
  /** Of the intents of this run, in their order. */
  readonly stages: readonly Stages[];
  readonly refused: readonly string[];
}

/** Risk, execution and the paper venues, or empty hops in their places, each a process, joined to a nats-server of this chain alone. */
export class FillChain {
  private readonly market = new FillMarket();
  private readonly book: StageBook;
  private updates = 0;
  private sent = 0;

  private constructor(
    private readonly modes: FillModes,
    private readonly clock: SharedClock,
    private readonly bodies: Bodies,
    private readonly directory: string,
    private readonly server: ProvisionedServer,
    private readonly buses: Readonly<Record<(typeof USERS)[number], Bus>>,
    private readonly children: readonly Child[],
  ) {
    this.book = new StageBook(buses.gateway, clock, bodies);
  }

  /** With `hops`, the processes do no more than what must be stored, asked and answered. */
  static async open(hops: boolean, modes: FillModes, originUs: number): Promise<FillChain> {
    const directory = mkdtempSync(join(tmpdir(), 'parallax-fill-'));
    const server = await startProvisionedServer(INSTRUMENTS, modes.syncInterval);
    const buses = Object.fromEntries(await Promise.all(USERS.map(async (user) => [user, await server.as(user)] as const)));
    const children: Child[] = [];
    for (const role of ROLES) {
      const joining = { server: server.address, originUs, role, settings: { directory, journal: modes.journal } };
      children.push(await Child.start(`../fill/${hops ? 'hop' : 'service'}.ts`, joining));
    }
    const bodies = hops ? HOP_BODIES : SERVICE_BODIES;
    return new FillChain(modes, new SharedClock(originUs), bodies, directory, server, buses as Record<(typeof USERS)[number], Bus>, children);
  }

  /** A run that also measures the messages: what {@link shape} needs. */
  async measure(intentsPerSecond: number, seconds: number): Promise<FillSizes> {
    const journals = this.modes.journal === 'file' ? VENUE_IDS.map((venue) => join(this.directory, `${venue}.journal`)) : [];
    const sizes = await listenForSizes(this.buses.paper, this.buses.execution, journals);
    await this.run(intentsPerSecond, seconds);
    return sizes();
  }

  /** Tells empty hops how long their messages are to be. */
  async shape(sizes: FillSizes): Promise<void> {
    for (const child of this.children) await child.ask('shape', sizes);
  }

  /** Sends intents at a steady rate; market data and regimes are told as long as it takes. */
  async run(intentsPerSecond: number, seconds: number): Promise<FillRun> {
    const telling = [setInterval(() => this.publishMarket(), MARKET_EVERY_MS), setInterval(() => this.tellRegimes(), REGIMES_EVERY_MS)];
    try {
      await this.ready();
      this.book.begin();
      const wanted = intentsPerSecond * seconds;
      const startedAtUs = this.clock.nowUs();
      for (let sent = 0; sent < wanted; ) {
        const due = Math.min(wanted, Math.floor(((this.clock.nowUs() - startedAtUs) * intentsPerSecond) / 1e6));
        for (; sent < due; sent++) void this.send(this.sent++);
        await sleep(1);
      }
      for (let tries = 0; tries < 100 && !this.book.allFilled; tries++) await sleep(50);
      await this.book.readApprovals(this.buses.execution);
      return this.book.end();
    } finally {
      for (const timer of telling) clearInterval(timer);
    }
  }

  /** Ends every process and the server. */
  async close(): Promise<void> {
    for (const child of this.children) child.end();
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Waits until the services lack nothing, and has the market and the regimes heard before the first intent is sent. */
  private async ready(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const missing = (await Promise.all(this.children.map((child) => child.ask<ServiceHealth>('health')))).flatMap(({ missing: lacks }) => lacks);
      if (missing.length === 0) break;
      if (tries === 200) throw new Error(`the services did not become ready: ${missing.join('; ')}`);
      await sleep(100);
    }
    this.publishMarket();
    this.tellRegimes();
    await Promise.all([this.buses.normalisation.flush(), this.buses.regime.flush(), this.buses.gateway.flush()]);
    await sleep(2 * MARKET_EVERY_MS);
  }

  private async send(count: number): Promise<void> {
    const { bodies, clock } = this;
    const { streams } = this.buses.arbitrage;
    const opportunity = opportunityOf(count, clock.nowUs());
    const intent = intentOf(opportunity, clock.nowUs());
    const stages = this.book.add(intent.id);
    const subject = subjects.opportunity(opportunity.kind, opportunity.base, opportunity.legs[0].symbol);
    await streams.append(subject, bodies.opportunity(opportunity), { id: opportunity.id });
    stages.opportunityStoredAtUs = clock.nowUs();
    await streams.append(subjects.intent(ACCOUNT), bodies.intent(intent), { id: intent.id });
    stages.intentStoredAtUs = clock.nowUs();
  }

  private publishMarket(): void {
    this.updates++;
    for (const [index, instrument] of INSTRUMENTS.entries()) {
      this.market.write(Math.floor(index / SYMBOLS), this.updates, this.clock.nowUs());
      this.buses.normalisation.publish(subjects.market('book', instrument), bytesOfRow(this.market.book, this.market.book.length));
      this.buses.normalisation.publish(subjects.market('quote', instrument), bytesOfRow(this.market.quote, QUOTE_COLUMNS));
    }
  }

  private tellRegimes(): void {
    for (const instrument of INSTRUMENTS) this.buses.regime.publish(subjects.standingRegime(instrument), encodeJson(calmRegime(instrument, this.clock.nowUs())));
  }
}
