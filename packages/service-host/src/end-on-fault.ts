import { SystemTimers, type ServiceLog } from '@parallax/runtime';

/** What ends when nothing caught a fault. */
export interface Ending {
  readonly log: ServiceLog;
  /** How long it may take. */
  readonly limitMs: number;
  stop(): Promise<void>;
}

/**
 * The last line of defence of a process: what was thrown, or rejected, and nobody caught is one line of its log, with the
 * stack; then the process ends in order, with code 1. It does not go on: what the fault left half done is not known.
 * Returns what takes it back.
 */
export function endOnFault({ log, limitMs, stop }: Ending): () => void {
  let isEnding = false;
  const onFault = (error: unknown, origin: string): void => {
    log.error('a fault that nothing caught ends the process', { origin, error: textOf(error) });
    if (isEnding) return;
    isEnding = true;
    new SystemTimers().after(limitMs, () => {
      log.error('something did not end in time and is left', { limitMs });
      process.exit(1);
    });
    void end();
  };
  const end = async (): Promise<void> => {
    try {
      await stop();
    } catch (error) {
      log.error('it did not stop in order', { error: textOf(error) });
    }
    process.exit(1);
  };
  // Of a rejection that nobody handles Node makes the same event.
  process.on('uncaughtException', onFault);
  return () => void process.off('uncaughtException', onFault);
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
