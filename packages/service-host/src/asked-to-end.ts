import { systemEnvironment } from '@parallax/config';
import { repeat } from '@parallax/runtime';
import { systemPace } from '@parallax/telemetry';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LOOK_MS = 500;

/**
 * Resolves once somebody asks this process to end, with how: by a signal, from the moment of the call on, or by going away where npm
 * started it. npm hands on SIGINT and SIGTERM alone, and nothing once it is dead; what it leaves would hold the port and the state.
 * It goes on listening: a signal that comes again, as Ctrl-C does by the terminal and by npm, would else kill the process in the middle of
 * its end. Whoever calls this ends the process within `STOP_WITHIN_MS`.
 */
export function askedToEnd(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve(signal));
    if (systemEnvironment().npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    // Looking is no reason to stay alive: a start that failed ends by itself.
    const stop = repeat(systemPace.timers, LOOK_MS, () => {
      if (process.ppid === parent) return;
      stop();
      resolve('npm has ended');
    });
  });
}
