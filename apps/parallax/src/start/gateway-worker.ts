import { runGateway } from './run-gateway.js';

/** What the worker runs in which `parallax start` has its gateway. */
await runGateway();
