/** One contender in a process of its own, as each is in life: no other's objects stand in its way. */
import { answer, joining } from '../processes/answer.js';
import { loadRecordings, recordingsFolder } from '../recordings.js';
import { CONTENDERS, type ContenderName } from './contenders.js';
import { latenciesOf } from './latencies.js';

export interface Round {
  readonly perSecond: number;
  /** Processor time of all threads for one frame. */
  readonly processorUs: number;
}

const { make, times } = CONTENDERS[joining.role as ContenderName];
const files = await loadRecordings(recordingsFolder('ticks', 'binance-raw-feed'), /\.gz$/);
const frames = files.reduce((sum, loaded) => sum + loaded.frames.length, 0) * times;
const pass = make();
// What a pass made is kept until the next, as in life, where it stays: collected with the last of its objects, a class loses
// the code that V8 had compiled for it, and each pass would begin cold.
let made: unknown[] = [];

function round(): Round {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (let time = 0; time < times; time++) made = pass(files);
  const perSecond = (frames / (performance.now() - startedAt)) * 1000;
  const { user, system } = process.cpuUsage(before);
  return { perSecond, processorUs: (user + system) / frames };
}

answer({ round, latencies: (passes: number) => latenciesOf(files, passes), kept: () => made.length });
