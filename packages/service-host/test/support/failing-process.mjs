// A process in which nothing catches a fault: run by end-on-fault.spec.ts. How it fails, and whether its end comes.
import { endOnFault } from '@parallax/service-host';
import { createLog } from '@parallax/telemetry';

const [kind, ending] = process.argv.slice(2);
endOnFault({
  log: createLog({ service: 'risk', instance: 'one' }),
  limitMs: 300,
  stop: () => {
    if (ending === 'hangs') return new Promise(() => {});
    process.stdout.write('stopped');
    return ending === 'fails' ? Promise.reject(new Error('the end fails')) : Promise.resolve();
  },
});
setInterval(() => {}, 1_000);
if (kind === 'throw') setTimeout(() => {
  throw new Error('nobody caught it');
}, 1);
else if (kind === 'reject') void Promise.reject(new Error('nobody caught it'));
else setTimeout(() => {
  throw 'nobody caught it';
}, 1);
