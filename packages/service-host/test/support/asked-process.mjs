// A process that is asked to end, and whose end takes until its input says so: run by asked-to-end.spec.ts.
import { askedToEnd } from '@parallax/service-host';
import { createLog } from '@parallax/telemetry';

const log = createLog({ service: 'risk', instance: 'one' });
for (let times = 0; times < 4; times++) log.warn('it fails');
const asked = askedToEnd();
process.stdout.write('runs\n');
process.stdin.once('data', () => {
  process.stdout.write('ended\n');
  process.exit(0);
});
process.stdout.write(`ends by ${await asked}\n`);
