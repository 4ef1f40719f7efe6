import { join } from 'node:path';
import { readConfiguration, systemEnvironment } from '@parallax/config';
import { readTrace, TRACES } from '@parallax/telemetry';
import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { askJaeger } from './jaeger.js';
import { findOrder, traceOf } from './order.js';
import { treeOf, treeText } from './tree.js';

interface Options {
  readonly gateway?: string;
  readonly json?: boolean;
}

const HELP = `
The order comes from the gateway, its spans from the local store (PARALLAX_STATE) that services write while they run
without a collector, and \`parallax start\` always; or from Jaeger's query API, where PARALLAX_TRACE_QUERY_URL names it.
The plan's span is written when the plan has come to its end.

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
  const order = await findOrder(options.gateway ?? `http://127.0.0.1:${PORT}`, id);
  const traceId = traceOf(order);
  const directory = join(PARALLAX_STATE, TRACES);
  const spans = jaeger === undefined ? await readTrace(directory, traceId) : await askJaeger(jaeger, traceId);
  if (spans.length === 0) {
    throw new ParallaxError('INPUT_REFUSED', `no span of the trace ${traceId} is in ${jaeger ?? directory}`, { place: jaeger === undefined ? 'PARALLAX_STATE' : 'PARALLAX_TRACE_QUERY_URL' });
  }
  const roots = treeOf(spans);
  const text = options.json
    ? JSON.stringify({ orderId: order.id, traceId, spans: spans.toSorted((a, b) => a.startUs - b.startUs), roots })
    : `order ${order.id}, trace ${traceId}\n${treeText(roots)}`;
  process.stdout.write(`${text}\n`);
}
