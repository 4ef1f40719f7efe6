import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StateBucket } from '@parallax/bus';
import { readJournal, type JournalRecord } from '@parallax/simulation';
import { describeWith, seeded, until } from '@parallax/testing';
import { BUCKETS } from '@parallax/wire';
import { OrderSender } from './order-sender.js';
import { VENUE, VenueClient } from './paper-stand.js';
import { VenuesOnNats } from './venues-on-nats.js';

const BLOWS = Number(process.env.PARALLAX_TEST_KILLS ?? 8);

/** An instance that is started again whenever it dies. */
class Instance {
  deaths = 0;
  private child: ChildProcess | null = null;

  constructor(private readonly commandLine: readonly string[], readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.start();
  }

  /** As it calls itself on the bus. */
  get name(): string {
    return `paper-${this.child?.pid}`;
  }

  get journal(): JournalRecord[] {
    const path = join(this.folder, `paper-${VENUE}.journal`);
    return existsSync(path) ? readJournal(readFileSync(path)).records : [];
  }

  start(): void {
    this.child ??= spawn(process.execPath, this.commandLine, { stdio: ['ignore', 'ignore', process.env.PARALLAX_TEST_LOUD ? 'inherit' : 'ignore'] });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null) return;
    this.deaths++;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

/** The instance that holds the lease, as soon as one does. */
const holderOf = (leases: StateBucket, instances: readonly Instance[]): Promise<Instance> => until(async () => {
  const entry = await leases.get(`paper.${VENUE}.writer`);
  return entry?.bytes && instances.find(({ name }) => Buffer.from(entry.bytes!).toString().includes(`"${name}-`));
});

describeWith('nats-server', 'two instances of the paper venue, killed and stopped at random', () => {
  // Each test has a bus of its own: a bus remembers which journal is its venue's.
  let stand: VenuesOnNats;
  beforeEach(async () => {
    stand = await VenuesOnNats.open([VENUE]);
  });
  afterEach(() => stand.close());

  test.each([['share their journals', ['shared', 'shared']], ['have journals of their own', ['one', 'two']]] as const)('that %s: no order fills twice', async (title, folders) => {
    const random = seeded(title.length);
    const execution = await stand.as('execution');
    const instances = folders.map((name) => new Instance(stand.commandLine(join(stand.folder, name), [VENUE]), join(stand.folder, name)));
    const sender = new OrderSender(await VenueClient.open(execution));
    try {
      expect((await sender.decide('first')).status).toBe('filled');
      sender.start(4);
      let stops = 0;
      for (let blow = 0; blow < BLOWS; blow++) {
        const holder = await holderOf(execution.state(BUCKETS.leases), instances);
        const struck = instances[(instances.indexOf(holder) + Number(random() < 0.3)) % 2];
        if (random() < 0.5) {
          await struck.kill();
          await sleep(random() * 1_500);
          struck.start();
        } else {
          stops++;
          struck.signal('SIGSTOP');
          await sleep(random() * 4_000);
          struck.signal('SIGCONT');
        }
        await sleep(random() * 1_000);
      }
      const told = await sender.finish();
      await Promise.all(instances.map((instance) => instance.kill()));

      const journals = [...new Map(instances.map((instance) => [instance.folder, instance.journal])).values()];
      const accepted = journals.flatMap((records) => records.filter((record) => record.kind === 'accepted'));
      const ids = accepted.map(({ request }) => request.clientId);
      expect(new Set(ids).size).toBe(ids.length);
      const clientOf = new Map(accepted.map(({ venueOrderId, request }) => [venueOrderId, request.clientId]));
      const filled = journals.flatMap((records) => records.flatMap((record) => (record.kind === 'fill' ? [`${clientOf.get(record.order)} ${record.fill.tradeId} ${record.fill.size}`] : [])));
      const heard = [...told.values()].flatMap(({ clientId, fills }) => fills.map(({ tradeId, size }) => `${clientId} ${tradeId} ${size}`));
      expect(heard.toSorted()).toEqual(filled.toSorted());
      // Where each has a journal of its own, nobody but the one that had an order first has ever taken one.
      expect(journals.filter((records) => records.some(({ kind }) => kind === 'accepted'))).toHaveLength(1);
      console.log(`two venues that ${title}: ${JSON.stringify({ stops, kills: instances.map(({ deaths }) => deaths - 1), orders: told.size, ...sender.counters })}`);
      expect(sender.counters.unknown).toBeGreaterThan(0);
    } finally {
      sender.stop();
      await Promise.all(instances.map((instance) => instance.kill()));
    }
  });
});
