// `parallax start` with a gateway that can be made to fail.
import { start } from '../../dist/start/command.js';

await start({ port: '0' }, new URL('./faulty-gateway-worker.mjs', import.meta.url));
