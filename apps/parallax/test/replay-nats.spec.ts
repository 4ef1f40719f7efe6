import { connectNats, natsConfiguration, passwordVariable, provision, PROVISIONER } from '@parallax/bus';
import { describeWith, recordings, startNatsServer, type NatsServer } from '@parallax/testing';
import { startSimulator } from '@parallax/simulator';
import { VENUES } from '@parallax/venues';
import { encodeJson, STREAMS, subjects, TOPOLOGY } from '@parallax/wire';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ReplayResult } from '../src/replay/perform.js';
import { record } from '../src/record/record.js';
import { linesOfRecording, replayed, scratchFolder, SILENT, writeRecording } from './support/replaying.js';

const CAPTURES = ['captures/binance/cryptofeed-BINANCE.jsonl.gz', 'captures/coinbase/cryptofeed-COINBASE-part.jsonl.gz'];
const FEED = ['ticks/binance-raw-feed/spot-btcusdt-20240808.gz', 'ticks/binance-raw-feed/usdm-btcusdt-20240808.gz'];
/** How much of them: after the snapshots, long enough for opportunities to come and go. */
const SECONDS = 8;
const secondOf = (line: string): number => Number(line.slice(0, 10));
/** So many of each simulated venue: about a minute, of which the first half goes by before regimes are known. */
const FRAMES = 3_600;
const PASSWORD = 'test';

/** All that a summary says, save how long it took. */
function said(result: ReplayResult): Omit<ReplayResult, 'tookMs'> {
  const { tookMs, ...summary } = result;
  expect(tookMs).toBeGreaterThan(0);
  return summary;
}

describeWith(['nats-server', ...[...CAPTURES, ...FEED].map((recording) => ({ recording }))], 'a replay over a real NATS', () => {
  let server: NatsServer;
  let environment: Record<string, string> = {};
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    folder = await scratchFolder();
    const users = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)];
    const passwords = Object.fromEntries(users.map((name) => [passwordVariable(name), PASSWORD]));
    server = await startNatsServer({
      config: (port, storeDirectory) => natsConfiguration(TOPOLOGY, { port, storeDirectory }),
      environment: passwords,
    });
    environment = { ...passwords, NATS_URL: server.url };
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  test.each(CAPTURES)('%s says the same as in process, whole books of megabytes among it', async (path) => {
    const file = recordings(path)!;
    const inProcess = await replayed(file);
    expect(inProcess.symbols.map(({ trust }) => trust)).toEqual(inProcess.symbols.map(() => 'synced'));
    expect(said(await replayed(file, {}, environment))).toEqual(said(inProcess));
  });

  test('spot and perpetual of the same seconds say the same as in process', async () => {
    const files: string[] = [];
    for (const path of FEED) {
      const lines = await linesOfRecording(recordings(path)!);
      files.push(await writeRecording(folder.path(path.split('/').at(-1)!), lines.filter((line) => secondOf(line) < secondOf(lines[0]) + SECONDS)));
    }
    const free = { FEES: '0', MIN_EDGE_BPS: '0' };
    const inProcess = await replayed(files, {}, free);
    expect(inProcess.symbols.map(({ trust }) => trust)).toEqual(['synced', 'synced']);
    // Twice, because the first must leave nothing behind that the second would meet: neither messages nor their ids.
    for (let time = 0; time < 2; time++) expect(said(await replayed(files, {}, { ...environment, ...free }))).toEqual(said(inProcess));
  });

  test('two simulated venues that trade against each other at no cost: opportunities, orders and fills are the same', async () => {
    const simulator = await startSimulator();
    const files = ['binance', 'okx'].map((venue) => folder.path(`${venue}.jsonl.gz`));
    const stop = new AbortController();
    const frames = [0, 0];
    try {
      await Promise.all(['binance', 'okx'].map((venue, i) => {
        const definition = VENUES.get(venue)!;
        return record({
          definition, file: files[i], symbols: ['BTC/USDT', 'ETH/USDT'], feeds: definition.feeds, endpoints: simulator.venues[venue],
          forMs: Infinity, log: SILENT, signal: stop.signal,
          onProgress: (now) => {
            frames[i] = now.frames;
            if (frames.every((count) => count > FRAMES)) stop.abort();
          },
        });
      }));
    } finally {
      await simulator.stop();
    }
    const free = {
      FEES: '0', MIN_EDGE_BPS: '0', CAPITAL: '10000000', MAX_ORDER_NOTIONAL: '1000000', MAX_POSITION_NOTIONAL: '5000000', MAX_VENUE_EXPOSURE: '1',
    };
    const inProcess = await replayed(files, {}, free);
    expect(inProcess.opportunities.opened).toBeGreaterThan(0);
    expect(inProcess.fills).toBeGreaterThan(0);
    expect(said(await replayed(files, {}, { ...environment, ...free }))).toEqual(said(inProcess));
  });

  test('a NATS that keeps messages is refused with the way out; --fresh deletes them', async () => {
    const admin = { servers: server.url, user: PROVISIONER, password: PASSWORD, name: 'test', topology: TOPOLOGY };
    await provision(admin, TOPOLOGY);
    const risk = await connectNats({ ...admin, user: 'risk' });
    await risk.streams.append(subjects.audit(), encodeJson({ kept: true }), { id: 'kept' });
    const [capture] = CAPTURES.map((path) => recordings(path)!);
    await expect(replayed(capture, {}, environment)).rejects.toMatchObject({
      code: 'INPUT_REFUSED', message: expect.stringMatching(/keep messages \(AUDIT 1\).*--fresh/),
    });
    const kept = async (): Promise<number> => {
      let count = 0;
      const gateway = await connectNats({ ...admin, user: 'gateway' });
      for await (const _ of gateway.streams.read(STREAMS.audit, {})) count++;
      await gateway.drain();
      return count;
    };
    expect(await kept()).toBe(1);
    expect((await replayed(capture, { fresh: true }, environment)).symbols.length).toBeGreaterThan(0);
    expect(await kept()).toBe(0);
    await risk.drain();
  });

  test('a NATS on which services run is refused, --fresh or not', async () => {
    const bus = await connectNats({ servers: server.url, user: 'risk', password: PASSWORD, name: 'test', topology: TOPOLOGY });
    const beat = setInterval(() => bus.publish(subjects.serviceHealth('risk'), encodeJson({})), 200);
    try {
      await expect(replayed(recordings(CAPTURES[0])!, { fresh: true }, environment)).rejects.toMatchObject({
        code: 'INPUT_REFUSED', message: expect.stringContaining('services run on'),
      });
    } finally {
      clearInterval(beat);
      await bus.drain();
    }
  });
});
