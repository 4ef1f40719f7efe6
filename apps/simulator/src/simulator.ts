import { defaultScenario, type Fault, type MarketModel, type Scenario } from '@parallax/market-model';
import { SystemClock, SystemTimers } from '@parallax/runtime';
import { ParallaxError, type Clock, type Timers } from '@parallax/types';
import { control } from './control.js';
import type { VenueEndpoint } from './endpoint.js';
import { ModelExchange } from './model-exchange.js';
import { readTape } from './tape/tape-file.js';
import { TapeVenue } from './tape/tape-venue.js';
import { Transport } from './transport.js';
import type { Dialects } from './venues/index.js';

export interface TapeOptions {
  /** Recordings to play; each becomes its venue, or joins another recording of the same venue. */
  readonly files: readonly string[];
  /** ccxt's id, where neither name nor header says it. */
  readonly venue?: string;
  /** 1 = as recorded; 10 = ten times faster. */
  readonly speed?: number;
  /** Begin anew at the end. */
  readonly loop?: boolean;
}

export interface SimulatorOptions {
  /** The market model's scenario; the default one when neither this nor a tape is given. */
  readonly scenario?: Scenario;
  readonly tape?: TapeOptions;
  readonly host?: string;
  /** The one port, venues below `/<venue>`; 0 = any free one. */
  readonly port?: number;
  /** Gives each venue a port of its own besides, without a prefix. */
  readonly portPerVenue?: boolean;
  readonly dialects?: Partial<Dialects>;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface VenueAddress {
  /** Base of the venue's WebSocket paths, e.g. `ws://127.0.0.1:9100/binance`: append the venue's own path. */
  readonly stream: string;
  readonly rest: string;
}

export interface Simulator {
  readonly port: number;
  readonly url: string;
  /** By ccxt's id. */
  readonly venues: Readonly<Record<string, VenueAddress>>;
  /** The same on the venues' own ports; empty unless asked for. */
  readonly ownPorts: Readonly<Record<string, VenueAddress>>;
  /** Null when a tape is played. */
  readonly model: MarketModel | null;
  /** @throws ParallaxError `CONFIG_REFUSED` on an unknown venue or symbol, or when a tape is played. */
  addFault(fault: Fault): void;
  stop(): Promise<void>;
}

/** Starts local venues and answers once they listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? new SystemClock();
  const timers = options.timers ?? new SystemTimers();
  const host = options.host ?? '127.0.0.1';
  const dialects: Dialects = { okxChecksum: 'zero', krakenNumbers: 'full', ...options.dialects };
  const exchange = options.tape ? null : new ModelExchange(options.scenario ?? defaultScenario, dialects, clock, timers);
  const endpoints: VenueEndpoint[] = exchange
    ? [...exchange.venues.values()]
    : TapeVenue.fromTapes(await Promise.all(options.tape!.files.map((file) => readTape(file, options.tape!.venue))), {
      speed: options.tape!.speed ?? 1, loop: options.tape!.loop ?? false, clock, timers,
    });
  const main = new Transport({
    host, port: options.port ?? 0, endpoints, prefixed: true, timers,
    ...(exchange ? { control: control.bind(null, exchange) } : {}),
  });
  const own = options.portPerVenue
    ? endpoints.map((each) => new Transport({ host, port: 0, endpoints: [each], prefixed: false, timers }))
    : [];
  const port = await main.listen();
  const ownPorts: Record<string, VenueAddress> = {};
  for (const [i, transport] of own.entries()) ownPorts[endpoints[i].venue] = address(host, await transport.listen(), '');
  exchange?.start();
  return {
    port,
    url: `http://${host}:${port}`,
    venues: Object.fromEntries(endpoints.map((each) => [each.venue, address(host, port, `/${each.venue}`)])),
    ownPorts,
    model: exchange?.model ?? null,
    addFault(fault) {
      if (!exchange) throw new ParallaxError('CONFIG_REFUSED', 'a tape is played as it is: faults need the market model');
      exchange.addFault(fault);
    },
    async stop() {
      exchange?.stop();
      for (const endpoint of endpoints) if (endpoint instanceof TapeVenue) endpoint.stop();
      await Promise.all([main, ...own].map((transport) => transport.close()));
    },
  };
}

function address(host: string, port: number, prefix: string): VenueAddress {
  const name = host.includes(':') ? `[${host}]` : host;
  return { stream: `ws://${name}:${port}${prefix}`, rest: `http://${name}:${port}${prefix}` };
}
