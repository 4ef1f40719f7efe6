import { Child } from '../processes/parent.js';
import type { Memory } from '../processes/protocol.js';
import { startProvisionedServer, type ProvisionedServer } from '../processes/servers.js';
import { INSTRUMENTS } from './market.js';
import type { Played } from './player.js';
import type { Heard } from './reader.js';
import type { ServiceCounts } from './service.js';

const SETTLE_MS = 400;
export const PROCESSES = ['normalisation', 'arbitrage', 'reader', 'player'] as const;

/** What one run of one chain gave. */
export interface RunResult {
  readonly heard: Heard;
  /** Receipt of the frame that opened an edge to its opportunity heard. */
  readonly tookUs: readonly number[];
  /** Edges of which no opportunity was heard while they stood. */
  readonly unseen: number;
  readonly sent: number;
  readonly playedUs: number;
  /** Updates that did not reach the second and the third process, and opportunities that did not reach the reader. */
  readonly lost: readonly [number, number, number];
  readonly other: readonly Readonly<Record<string, unknown>>[];
  /** Of the processes in the order of {@link PROCESSES}. */
  readonly memory: readonly Memory[];
  /** Processor time of the whole run over the time for which frames were played: 1 fills a core. */
  readonly processor: readonly number[];
}

/** Player, two processes in the middle and a reader, each joined to a nats-server of this chain alone. */
export class Chain {
  private before: readonly ServiceCounts[] = [];

  private constructor(
    private readonly server: ProvisionedServer,
    private readonly hops: boolean,
    private readonly player: Child,
    private readonly middle: readonly [Child, Child],
    private readonly reader: Child,
  ) {}

  /** With `hops`, the two in the middle only forward. */
  static async open(hops: boolean, originUs: number): Promise<Chain> {
    const server = await startProvisionedServer(INSTRUMENTS, '10s');
    const start = (script: string, role: string): Promise<Child> =>
      Child.start(`../signal/${script}.ts`, { server: server.address, originUs, role, settings: { hops } });
    const script = hops ? 'hop' : 'service';
    const reader = await start('reader', 'reader');
    const arbitrage = await start(script, 'arbitrage');
    const normalisation = await start(script, 'normalisation');
    const player = await start('player', 'player');
    const chain = new Chain(server, hops, player, [normalisation, arbitrage], reader);
    await player.ask('open');
    return chain;
  }

  async run(updatesPerSecond: number, seconds: number, edgeEvery: number, opportunityBytes: number): Promise<RunResult> {
    if (this.hops) for (const child of this.middle) await child.ask('shape', { edgeEvery, opportunityBytes });
    this.before = await this.counts();
    await this.reader.ask('take');
    const spentBefore = await this.processorUs();
    const { sent, tookUs: playedUs, lifts } = await this.player.ask<Played>('run', { updatesPerSecond, seconds, edgeEvery });
    await this.settled();
    const processor = (await this.processorUs()).map((spent, index) => (spent - spentBefore[index]) / playedUs);
    const heard = await this.reader.ask<Heard>('take');
    const [first, second] = await this.counts();
    const [firstBefore, secondBefore] = this.before;
    const lost = [
      sent - (first.handled - firstBefore.handled),
      first.sent - firstBefore.sent - (second.handled - secondBefore.handled),
      second.sent - secondBefore.sent - heard.messages,
    ] as const;
    const memory = await Promise.all(this.children().map((child) => child.memory()));
    return { heard, ...latenciesOf(lifts, heard.opened), sent, playedUs, lost, other: [first.other, second.other], memory, processor };
  }

  /** Ends every process and the server. */
  async close(): Promise<void> {
    for (const child of [this.player, ...this.middle, this.reader]) child.end();
    await this.server.stop();
  }

  /** In the order of {@link PROCESSES}. */
  private children(): readonly Child[] {
    return [...this.middle, this.reader, this.player];
  }

  private processorUs(): Promise<number[]> {
    return Promise.all(this.children().map((child) => child.processorUs()));
  }

  private counts(): Promise<ServiceCounts[]> {
    return Promise.all(this.middle.map((child) => child.ask<ServiceCounts>('counts')));
  }

  /** Waits until nothing moves any more: a chain that fell behind works off what waits, up to ten seconds. */
  private async settled(): Promise<void> {
    let last = '';
    for (let tries = 0; tries < 25; tries++) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const now = (await this.counts()).map(({ handled, sent }) => `${handled} ${sent}`).join();
      if (now === last) return;
      last = now;
    }
  }
}

type Marks = readonly (readonly [symbol: number, atUs: number])[];

/** Matches each edge with the first opportunity of its symbol that was heard before the symbol's next edge. */
function latenciesOf(lifts: Marks, opened: Marks): { tookUs: number[]; unseen: number } {
  const bySymbol = new Map<number, Marks[number][]>();
  for (const mark of opened) bySymbol.set(mark[0], [...(bySymbol.get(mark[0]) ?? []), mark]);
  const next = new Map<number, number>();
  const tookUs: number[] = [];
  for (const [index, [symbol, atUs]] of lifts.entries()) {
    const until = lifts.slice(index + 1).find(([other]) => other === symbol)?.[1] ?? Number.POSITIVE_INFINITY;
    const heard = bySymbol.get(symbol) ?? [];
    let at = next.get(symbol) ?? 0;
    while (at < heard.length && heard[at][1] < atUs) at++;
    if (at < heard.length && heard[at][1] < until) tookUs.push(heard[at++][1] - atUs);
    next.set(symbol, at);
  }
  return { tookUs, unseen: lifts.length - tookUs.length };
}
