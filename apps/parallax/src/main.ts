import { ParallaxError } from '@parallax/types';
import { Command } from 'commander';
import { replayCommand } from './replay/command.js';
import { runCommand } from './run/command.js';
import { startCommand } from './start/command.js';

const program = new Command('parallax')
  .description('Watches many crypto venues at once, keeps books that say when they can be trusted, and acts under risk limits')
  .addCommand(startCommand())
  .addCommand(runCommand())
  .addCommand(replayCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ParallaxError)) throw error;
  process.stderr.write(`parallax: ${error.message}${error.place ? ` (${error.place})` : ''}\n`);
  process.exitCode = 1;
}
