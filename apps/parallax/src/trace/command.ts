import { join } from 'node:path';
import { readConfiguration, systemEnvironment } from '@parallax/config';
import { readTrace, TRACES } from '@parallax/telemetry';
import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { gatewayHttp } from '../gateway/http.js';
import { replayDirectory } from '../replay/scratch.js';
import { askJaeger } from './jaeger.js';
import { findOrder, traceOf } from './order.js';
import { replayedOrder } from './replayed.js';
import { treeOf, treeText } from './tree.js';

interface Options {
  readonly gateway?: string;
  readonly json?: boolean;
}

const HELP = `
The order comes from the gateway, its spans from the local store (PARALLAX_STATE) that services write while they run
without a collector, and \`parallax start\` always; or from Jaeger's query API, where PARALLAX_TRACE_QUERY_URL names it.
The plan's span is written when the plan has come to its end.
An order that no gateway shows is looked for in the latest replay, whose spans are in PARALLAX_STATE/replay/traces.

Exit codes: 0 printed; 1 no such order, or no spans of it.

Examples:
  parallax trace 5f1c0e9a
  parallax trace 5f1c0e9a --json
`;

export function traceCommand(): Command {
  return new Command('trace')
    .description('print what led to an order, from the venue’s frame on, as a tree')
    .argument('<order id>', 'id of an order, or its beginning')
    .option('--gateway <url>', 'the gateway that knows the order (default: this machine’s, at PORT)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(id: string, options: Options): Promise<void> {
  const { PORT, PARALLAX_STATE, PARALLAX_TRACE_QUERY_URL: jaeger } = readConfiguration(systemEnvironment(), [
    'PORT', 'PARALLAX_STATE', 'PARALLAX_TRACE_QUERY_URL',
  ]);
  const live = join(PARALLAX_STATE, TRACES);
  const replay = join(replayDirectory(systemEnvironment()), TRACES);
  const order = await find(options.gateway ?? `http://127.0.0.1:${PORT}`, id, replay);
  const { traceId, replayed } = order;
  const query = replayed ? undefined : jaeger;
  const directory = replayed ? replay : live;
  const spans = query === undefined ? await readTrace(directory, traceId) : await askJaeger(query, traceId);
  if (spans.length === 0) {
    const place = query === undefined ? 'PARALLAX_STATE' : 'PARALLAX_TRACE_QUERY_URL';
    throw new ParallaxError('INPUT_REFUSED', `no span of the trace ${traceId} is in ${query ?? directory}`, { place });
  }
  const roots = treeOf(spans);
  const text = options.json
    ? JSON.stringify({ orderId: order.id, traceId, replayed, spans: spans.toSorted((a, b) => a.startUs - b.startUs), roots })
    : `order ${order.id}${replayed ? ' of the latest replay' : ''}, trace ${traceId}\n${treeText(roots)}`;
  process.stdout.write(`${text}\n`);
}

interface Found {
  readonly id: string;
  readonly traceId: string;
  readonly replayed: boolean;
}

/** The gateway's order; where it shows none, or does not run, one of the latest replay, whose spans are in `replay`. */
async function find(gateway: string, id: string, replay: string): Promise<Found> {
  const found = await findOrder(gatewayHttp(systemEnvironment()), gateway, id).catch((error: ParallaxError) => {
    if (error.code !== 'SERVICE_MISSING') throw error;
    return error;
  });
  if (found !== null && !(found instanceof ParallaxError)) return { id: found.id, traceId: traceOf(found), replayed: false };
  const replayed = await replayedOrder(replay, id);
  if (replayed) return { ...replayed, replayed: true };
  if (found) throw new ParallaxError('SERVICE_MISSING', `${found.message}; the latest replay has no order ${id}`, { cause: found });
  throw new ParallaxError('INPUT_REFUSED', `neither the gateway at ${gateway} nor the latest replay has an order ${id}`, { place: 'order' });
}
