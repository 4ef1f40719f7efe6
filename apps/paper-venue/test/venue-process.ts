import { join } from 'node:path';
import { connectNats } from '@parallax/bus';
import { TOPOLOGY } from '@parallax/wire';
import { fileJournals } from '../src/index.js';
import { contextOf, paperVenues } from './paper-stand.js';

/** Paper venues as a process of their own. Arguments: port of the nats-server, password, folder of the journals, the venues. */
const [port, password, folder, ...venues] = process.argv.slice(2);
const say = (message: string, fields?: object): void => void process.stderr.write(`${process.pid} ${message} ${JSON.stringify(fields ?? {})}\n`);
const bus = await connectNats({ servers: `127.0.0.1:${port}`, user: 'paper', password, name: 'paper', topology: TOPOLOGY });
const context = contextOf(bus, { instance: `paper-${process.pid}`, log: { info: say, warn: say, error: say } });
const service = paperVenues(context, { venues, openJournal: (venue) => fileJournals({ path: join(folder, `paper-${venue}.journal`), venue }, context) });
await service.start();
process.stdout.write('started\n');
process.on('SIGTERM', () => void service.stop().then(() => process.exit(0)));
