// A process that logs, and says things, whether anybody takes them or not: run by lost-log.spec.ts.
import { endOnFault } from '@parallax/service-host';
import { createLog, standardError } from '@parallax/telemetry';

const log = createLog({ service: 'risk', instance: 'one' });
endOnFault({ log, limitMs: 1_000, stop: () => Promise.resolve() });
process.stdout.write('runs\n');
process.stdin.once('data', () => {
  for (let times = 0; times < 3; times++) {
    log.warn(`it fails: ${times}`);
    standardError.write('it is said to people\n');
  }
  // What an error of a stream would end comes in a later turn.
  setTimeout(() => {
    process.stdout.write('goes on\n');
    process.exit(0);
  }, 20);
});
