import { encodeJson, bytesOfRow, subjects } from '@parallax/wire';
import { QUOTE_COLUMNS, type ServiceHealth } from '@parallax/types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calmRegime } from '../market.js';
import { Child } from '../processes/parent.js';
import { startProvisionedServer } from '../processes/servers.js';
import { SharedClock } from '../processes/shared-clock.js';
import { ACCOUNT, FillMarket, INSTRUMENTS, SYMBOLS } from './market.js';
import { intentOf, opportunityOf } from './plans.js';
import { StageBook, type Stages } from './stages.js';

const MARKET_EVERY_MS = 100;
const REGIMES_EVERY_MS = 1_000;
const WARM_UP_INTENTS = 300;
const ROLES = ['paper', 'execution', 'risk'] as const;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface FillModes {
  /** Of the streams, as in nats.conf. */
  readonly syncInterval: string;
  /** Where the paper venues keep theirs; in a file it is synchronised with the disk at every order. */
  readonly journal: 'memory' | 'file';
}

export interface FillRun {
  /** Of the intents after the warm-up, in their order. */
  readonly stages: readonly Stages[];
  readonly refused: readonly string[];
}

/** Sends intents at a steady rate through risk, execution and paper venues, each a process, on one nats-server. */
export async function runFills(modes: FillModes, intentsPerSecond: number, seconds: number, originUs: number): Promise<FillRun> {
  const clock = new SharedClock(originUs);
  const directory = mkdtempSync(join(tmpdir(), 'parallax-fill-'));
  const server = await startProvisionedServer(INSTRUMENTS, modes.syncInterval);
  const children: Child[] = [];
  const stops: (() => void)[] = [];
  try {
    const [normalisation, regime, arbitrage, reader] = await Promise.all(['normalisation', 'regime', 'arbitrage', 'gateway'].map((user) => server.as(user)));
    for (const role of ROLES) children.push(await Child.start('../fill/service.ts', { server: server.address, originUs, role, settings: { directory, journal: modes.journal } }));
    const market = new FillMarket();
    let update = 0;
    const publishMarket = (): void => {
      update++;
      for (const [index, instrument] of INSTRUMENTS.entries()) {
        market.write(Math.floor(index / SYMBOLS), update, clock.nowUs());
        normalisation.publish(subjects.book(instrument), bytesOfRow(market.book, market.book.length));
        normalisation.publish(subjects.quote(instrument), bytesOfRow(market.quote, QUOTE_COLUMNS));
      }
    };
    const tellRegimes = (): void => {
      for (const instrument of INSTRUMENTS) regime.publish(subjects.standingRegime(instrument), encodeJson(calmRegime(instrument, clock.nowUs())));
    };
    const publishing = setInterval(publishMarket, MARKET_EVERY_MS);
    const telling = setInterval(tellRegimes, REGIMES_EVERY_MS);
    stops.push(() => clearInterval(publishing), () => clearInterval(telling));
    for (let tries = 0; ; tries++) {
      const missing = (await Promise.all(children.map((child) => child.ask<ServiceHealth>('health')))).flatMap(({ missing: lacks }) => lacks);
      if (missing.length === 0) break;
      if (tries === 200) throw new Error(`the services did not become ready: ${missing.join('; ')}`);
      await sleep(100);
    }

    // Risk, which is ready, hears them before the first intent is sent: it comes from the same server, stored.
    tellRegimes();
    await regime.flush();
    const book = new StageBook(reader, clock);
    await reader.flush();
    const send = async (count: number): Promise<void> => {
      const opportunity = opportunityOf(count, clock.nowUs());
      const intent = intentOf(opportunity, clock.nowUs());
      const stages = book.begin(intent.id);
      const subject = subjects.opportunity(opportunity.kind, opportunity.base, opportunity.legs[0].symbol);
      await arbitrage.streams.append(subject, encodeJson(opportunity), { id: opportunity.id });
      stages.opportunityStoredAtUs = clock.nowUs();
      await arbitrage.streams.append(subjects.intent(ACCOUNT), encodeJson(intent), { id: intent.id });
      stages.intentStoredAtUs = clock.nowUs();
    };
    const wanted = WARM_UP_INTENTS + intentsPerSecond * seconds;
    const startedAtUs = clock.nowUs();
    for (let sent = 0; sent < wanted; ) {
      const due = Math.min(wanted, Math.floor(((clock.nowUs() - startedAtUs) * intentsPerSecond) / 1e6));
      for (; sent < due; sent++) void send(sent);
      await sleep(1);
    }
    for (let tries = 0; tries < 100 && [...book.all.values()].some(({ fills }) => fills < 2); tries++) await sleep(50);
    await book.readApprovals(await server.as('execution'));
    return { stages: [...book.all.values()].slice(WARM_UP_INTENTS), refused: book.refused };
  } finally {
    for (const stop of stops) stop();
    for (const child of children) child.end();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
