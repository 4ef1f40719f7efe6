import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER, type Bus } from '@parallax/bus';
import { publishInstruments } from '@parallax/runtime';
import { startNatsServer, type NatsServer } from '@parallax/testing';
import { subjects, TOPOLOGY } from '@parallax/wire';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bookRow, rowBytes, specificationOf } from './paper-stand.js';

const PASSWORD = 'test';
const REGISTER = pathToFileURL(fileURLToPath(new URL('../../../tools/swc-register.mjs', import.meta.url))).href;
const SCRIPT = fileURLToPath(new URL('./venue-process.ts', import.meta.url));

/** A real nats-server with a market of ever new sizes, for paper venues that are processes of their own. */
export class VenuesOnNats {
  /** For journals; removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'parallax-venues-'));
  private telling: NodeJS.Timeout | null = null;
  private readonly buses: Bus[] = [];

  private constructor(private readonly server: NatsServer) {}

  static async open(venues: readonly string[]): Promise<VenuesOnNats> {
    const users = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
    const environment = Object.fromEntries(users.map((user) => [passwordVariable(user), PASSWORD]));
    const stand = new VenuesOnNats(await startNatsServer({ config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }), environment }));
    await provision({ servers: stand.server.url, user: PROVISIONER, password: PASSWORD, name: 'provisioner' }, TOPOLOGY);
    const specifications = venues.map((venue) => specificationOf('BTC/USDT', venue));
    await publishInstruments(await stand.as('ingestion'), specifications);
    const normalisation = await stand.as('normalisation');
    let books = 0;
    stand.telling = setInterval(() => {
      books++;
      for (const one of specifications) normalisation.publish(subjects.market('book', one), rowBytes(bookRow(books, null, [1000, 1_000_000 + books])));
    }, 50);
    return stand;
  }

  async as(user: string): Promise<Bus> {
    const bus = await connectNats({ servers: this.server.url, user, password: PASSWORD, name: user, topology: TOPOLOGY });
    this.buses.push(bus);
    return bus;
  }

  /** What Node is given to be an instance with its journals in `folder`. */
  commandLine(folder: string, venues: readonly string[]): string[] {
    return ['--conditions=source', '--import', REGISTER, SCRIPT, String(this.server.port), PASSWORD, folder, ...venues];
  }

  async close(): Promise<void> {
    if (this.telling) clearInterval(this.telling);
    await Promise.all(this.buses.map((bus) => bus.drain()));
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
