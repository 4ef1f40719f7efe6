import { SystemClock, SystemRandom } from '@parallax/runtime';
import { JournalLock } from '../src/journal-lock.js';

/** A process that takes the lock it is given and does nothing else. */
new JournalLock(process.argv[2], { clock: new SystemClock(), random: new SystemRandom() }).take();
process.stdout.write('taken\n');
setInterval(() => {}, 60_000);
