import { parentPort, workerData } from 'node:worker_threads';
import { connectPort, type Bus } from '@parallax/bus';
import { readConfiguration } from '@parallax/config';
import { gatewayConfigurationOf, gatewayDefinition, GatewayService } from '@parallax/gateway';
import { SystemClock, SystemRandom, SystemTimers, watched, type ServiceContext, type ServiceLog, type ServiceWatch } from '@parallax/runtime';
import { hostService, lastValuesOf, type Hosted } from '@parallax/service-host';
import { createLog, joinedExpositions, threadMetrics } from '@parallax/telemetry';
import { ParallaxError, type Clock, type LastValues, type Remembered } from '@parallax/types';
import { natsBuses } from '../compose/buses.js';
import { answerWord, type WordSources } from './gateway-answers.js';
import type { GatewayOrder, GatewayReport, GatewayTask } from './gateway-task.js';

/** So long after a start that was not the first the gateway's health says so. */
const TOLD_FOR_US = 600_000_000;

/**
 * The gateway in a worker of its own, with clock, timers, log and connections of its own: nothing of it can reach what trades
 * but through the bus. Resolves once it has started, or has told that it cannot.
 */
export async function runGateway(): Promise<void> {
  const task = workerData as GatewayTask;
  const report = (message: GatewayReport): void => parentPort!.postMessage(message);
  try {
    const { address, words, log, stop } = await start(task);
    parentPort!.on('message', (order: GatewayOrder) => {
      if (order === 'ping') report({ is: 'alive' });
      else if (order === 'stop') void stop().then(() => process.exit(0));
      else void answerWord(order, words, log).then(report);
    });
    report({ is: 'started', address });
  } catch (error) {
    if (!(error instanceof ParallaxError)) throw error;
    report({ is: 'refused', code: error.code, message: error.message, place: error.place });
    parentPort!.close();
  }
}

interface Running {
  readonly address: string;
  readonly words: WordSources;
  readonly log: ServiceLog;
  stop(): Promise<void>;
}

async function start({ bus: port, environment, instance, level, remembered, startToken, restarts }: GatewayTask): Promise<Running> {
  const [clock, timers, random] = [new SystemClock(), new SystemTimers(), new SystemRandom()];
  const log = createLog({ service: 'gateway', instance, level });
  const bus = port === null ? await joinNats(environment, instance, clock) : connectPort(port, { ports: { clock } });
  const redis = remembered === null ? lastValuesOf(environment, { clock, timers, log }) : null;
  const letGo = async (): Promise<void> => {
    await Promise.all([bus.drain(), redis?.close()]);
  };
  // Execution tells of the clock of the machine.
  const context = watched({ bus, clock, timers, random, log, instance, lastValues: redis ?? handedOver(remembered!) }, 'gateway', false);
  const told: ServiceContext = { ...context, watch: withRestarts(context.watch!, restarts, clock) };
  let isStopping = false;
  bus.onStatus(({ type }) => {
    // Without the bus it shows nothing that is true, and a new one gets a new port.
    if (type === 'closed' && !isStopping) throw new Error('the bus of this process has let go of the gateway');
  });
  try {
    const service = new GatewayService({ ...told, configuration: { ...gatewayConfigurationOf(environment), startToken } });
    const { readyWhenCutOff } = gatewayDefinition;
    const hosted = await hostService(service, told, {
      module: gatewayDefinition.module?.(service), metrics: () => gatewayDefinition.metrics!(service), readyWhenCutOff,
    });
    const stop = async (): Promise<void> => {
      isStopping = true;
      await hosted.stop();
      await letGo();
    };
    return { address: service.address, words: wordsOf(hosted), log, stop };
  } catch (error) {
    isStopping = true;
    await letGo();
    throw error;
  }
}

/** The process's own numbers are told by its first thread; those of this one's heap and event loop by itself. */
function wordsOf({ face }: Hosted): WordSources {
  const ofThread = threadMetrics('gateway');
  return { health: () => face.health(), metrics: async () => joinedExpositions([await face.metrics(), await ofThread.text()]) };
}

function joinNats(environment: GatewayTask['environment'], instance: string, clock: Clock): Promise<Bus> {
  const { NATS_URL } = readConfiguration(environment, ['NATS_URL']);
  return natsBuses(NATS_URL!, instance, environment, clock).as('gateway');
}

/** What the process knew when this worker was started; the gateway only reads. */
function handedOver(remembered: Remembered): LastValues {
  return { counters: {}, putQuote: () => {}, putRegime: () => {}, recall: () => Promise.resolve(remembered) };
}

/** A gateway that ended and came back shows it, to people and to monitoring. */
function withRestarts(watch: ServiceWatch, restarts: number, clock: Clock): ServiceWatch {
  const untilUs = clock.nowUs() + TOLD_FOR_US;
  return {
    get counters() {
      return { ...watch.counters, restarts };
    },
    failed: (error, place) => watch.failed(error, place),
    troubles() {
      const standing = watch.troubles();
      if (restarts === 0 || clock.nowUs() > untilUs) return standing;
      const summary = `the gateway ended unasked and was started again (${restarts} times since the start of Parallax); trading went on: the log says why`;
      return [...standing, { key: 'restarted', severity: 'warning', summary }];
    },
  };
}
