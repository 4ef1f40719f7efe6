import { createRequire } from 'node:module';
import { standardError, textWithoutSecrets } from '@parallax/telemetry';
import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { deadLettersCommand } from './deadletters/command.js';
import { explainCommand } from './explain/command.js';
import { profitCommand } from './profit/command.js';
import { provisionCommand } from './provision/command.js';
import { recordCommand } from './record/command.js';
import { replayCommand } from './replay/command.js';
import { runCommand } from './run/command.js';
import { startCommand } from './start/command.js';
import { traceCommand } from './trace/command.js';

const HELP = `
Beside these, bin/parallax has: services up|status|down   the real servers for local work

Exit codes: 0 done; 1 refused or failed, with one sentence on stderr; 130 ended by Ctrl-C where a command says so.

Examples:
  parallax start
  parallax replay usdm-btcusdt-20240808.gz --speed max
  parallax explain binance BTC/USDT
`;

/** Words that a command does not take are told like everything else: by whom, in a sentence, and where to read on. */
function spoken(command: Command, name = 'parallax'): Command {
  command.showHelpAfterError(`(${name} --help tells more)`);
  command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'parallax: ')) });
  for (const one of command.commands) spoken(one, `${name} ${one.name()}`);
  return command;
}

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string };
const program = spoken(new Command('parallax')
  // What stands behind a command is the command's own.
  .enablePositionalOptions()
  .description('Watches many crypto venues at once, keeps books that say when they can be trusted, and acts under risk limits')
  .addCommand(startCommand())
  .addCommand(runCommand())
  .addCommand(replayCommand())
  .addCommand(traceCommand())
  .addCommand(recordCommand())
  .addCommand(explainCommand())
  .addCommand(profitCommand())
  .addCommand(deadLettersCommand())
  .addCommand(provisionCommand())
  .addHelpText('after', HELP)
  .version(VERSION, '--version', 'print the version'));

// Whoever reads the output may have enough of it, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
// Node ends without a word, and with 0, when nothing is left that could wake what a command still waits for.
const unfinished = (): void => {
  standardError.write('parallax: ended while it still waited for something that cannot come any more; this is a fault of Parallax\n');
  process.exitCode = 1;
};
process.once('beforeExit', unfinished);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ParallaxError)) throw error;
  const { message, place } = error;
  const untold = place?.split(', ').some((one) => !message.includes(one));
  standardError.write(textWithoutSecrets(`parallax: ${message}${untold ? ` (${place})` : ''}\n`));
  process.exitCode = 1;
} finally {
  process.removeListener('beforeExit', unfinished);
}
