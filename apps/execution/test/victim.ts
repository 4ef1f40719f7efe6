import { connectNats } from '@parallax/bus';
import { DEFAULT_EXECUTION_OPTIONS } from '@parallax/execution';
import { SystemClock, SystemRandom, SystemTimers } from '@parallax/runtime';
import { TOPOLOGY } from '@parallax/wire';
import { BusVenueDoor, ExecutionService } from '../src/index.js';
import { REQUESTS_UNDER_WAY } from './fatal-steps.js';

/**
 * The real execution process, that kills itself without a word when it reaches a step for the n-th time. Arguments: port
 * of the nats-server, password, step (or `none`), n.
 */
const [port, password, fatalStep, fatalCount] = process.argv.slice(2);
let left = Number(fatalCount);
const bus = await connectNats({ servers: `127.0.0.1:${port}`, user: 'execution', password, name: 'execution', topology: TOPOLOGY });
const reached = (step: string): void => {
  if (step === fatalStep && --left === 0) process.kill(process.pid, 'SIGKILL');
};
const say = (message: string, fields?: Record<string, unknown>): void => {
  process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
};
const service = new ExecutionService(
  {
    bus, clock: new SystemClock(), timers: new SystemTimers(), random: new SystemRandom(), instance: `victim-${process.pid}`,
    log: { info: () => {}, warn: say, error: say },
  },
  {
    // Times that a busy machine keeps: an order must be sent again because of a kill, and not because it was late.
    ...DEFAULT_EXECUTION_OPTIONS, sendValidityUs: 2_000_000, clockMarginUs: 20_000, riskSilenceUs: 3_600_000_000,
    accounts: ['main'], takerFees: { binance: '0.001', okx: '0.001', kraken: '0.001' }, balances: [],
  },
  ['binance', 'okx', 'kraken'].map((venue) => new BusVenueDoor(bus, venue, 30_000)),
  {
    leaseTimes: { renewEveryUs: 500_000, doubtAfterUs: 8_000_000, takeOverAfterUs: 10_000_000 },
    reached: (step) => {
      reached(step);
      if (step === 'first leg sent' || step === 'legs sent') void bus.flush().then(() => reached(REQUESTS_UNDER_WAY), () => {});
    },
  },
);
await service.start();
process.stdout.write('started\n');
process.on('SIGTERM', () => void service.stop().then(() => process.exit(0)));
