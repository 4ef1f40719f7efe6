/** What a measurement was made on: a figure without it says nothing. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export function machine() {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    date: new Date().toISOString(),
    load: loadavg().map((one) => Math.round(one * 100) / 100),
  };
}

export function machineText(one) {
  return `${one.cpu}, ${one.cores} cores, ${one.memoryGiB} GiB, ${one.system}, Node ${one.node}, ${one.date}, load ${one.load.join(' ')}`;
}
