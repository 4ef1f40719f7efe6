import { runSimulator } from './run-simulator.js';

try {
  await runSimulator(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
