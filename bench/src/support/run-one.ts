/** Runs the bench file named by the first argument and prints its report; called by tools/bench.mjs. */
import { pathToFileURL } from 'node:url';
import { CollectedReport, type Bench } from './bench.js';
import { reportText } from './report-text.js';

const [file, format] = process.argv.slice(2);
const { bench } = (await import(pathToFileURL(file).href)) as { bench?: Bench };
if (!bench) throw new Error(`${file} does not export a bench`);

const report = new CollectedReport();
if (format !== '--json') console.log(`\n${bench.name}: ${bench.description}`);
const startedAt = performance.now();
await bench.run(report);
const tookMs = Math.round(performance.now() - startedAt);

if (format === '--json') {
  const { rows, targets, notes } = report;
  console.log(JSON.stringify({ name: bench.name, description: bench.description, tookMs, rows, targets, notes }));
} else {
  console.log(reportText(report));
}
// A bench that leaves a socket open has said all it has to say.
process.exit(0);
