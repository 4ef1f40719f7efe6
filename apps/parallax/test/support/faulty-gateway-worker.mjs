// The gateway's worker with a fault in each kind of its listeners, as `/fault/<kind>` or a WebSocket's reader asks for one.
import { Server } from 'node:http';
import { parentPort } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { runGateway } from '../../dist/start/run-gateway.js';

const fail = (kind) => {
  throw new Error(`a fault of a ${kind}`);
};
/** What is thrown where it is asked for: in the listener of a request or an upgrade. */
const FAULTS = {
  request: () => fail('request'),
  upgrade: () => fail('upgrade'),
  timer: () => setTimeout(() => fail('timer'), 1),
  rejection: () => void Promise.reject(new Error('a fault of a rejection')),
  port: () => parentPort.once('message', () => fail('port')),
  exit: () => process.exit(7),
  memory: () => {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 1_000 }, (_, at) => ({ at })));
  },
  loop: () => {
    for (;;);
  },
};

const serve = Server.prototype.emit;
Server.prototype.emit = function emit(event, ...given) {
  const url = event === 'request' || event === 'upgrade' ? given[0].url : '';
  if (url.startsWith('/fault/')) FAULTS[url.slice('/fault/'.length)]();
  return serve.call(this, event, ...given);
};

const tell = WebSocket.prototype.emit;
WebSocket.prototype.emit = function emit(event, ...given) {
  if (event === 'message' && String(given[0]) === 'fault') fail('message');
  if (event === 'close' && given[0] === 4_001) fail('close');
  if (event === 'error') fail('error');
  return tell.call(this, event, ...given);
};

await runGateway();
