// `parallax start` with a gateway that can be made to fail, and comes back soon however often it did.
import { start } from '../../dist/start/command.js';

await start({ port: '0' }, { entry: new URL('./faulty-gateway-worker.mjs', import.meta.url), longestAgainMs: 200 });
