import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a process among all that there ever were on its machine. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** Within which its number means something: one start of the machine and one container. Empty where the system does not say. */
  readonly space: string;
  /** When it began, as the system counts; numbers are given again. Empty where the system does not say. */
  readonly start: string;
}

/** Linux alone says these (proc(5)); elsewhere a process is known by its number. */
const PROC = '/proc';
/** Fields after the name in /proc/<pid>/stat: the state is the first, the start time the twentieth. */
const STATE = 0;
const START_TIME = 19;
const GONE = new Set(['Z', 'X']);

export function ownMark(): ProcessMark {
  return { pid: process.pid, host: hostname(), space: ownSpace(), start: startOf(process.pid) ?? '' };
}

/** Whether the process that left the mark still runs; null where that cannot be known from here. */
export function isRunning(mark: ProcessMark): boolean | null {
  const space = ownSpace();
  if (space === '') return mark.host === hostname() ? answersSignals(mark.pid) : null;
  return mark.space === space ? startOf(mark.pid) === mark.start : null;
}

function ownSpace(): string {
  try {
    return `${readFileSync(`${PROC}/sys/kernel/random/boot_id`, 'utf8').trim()} ${readlinkSync(`${PROC}/self/ns/pid`)}`;
  } catch {
    return '';
  }
}

/** Null where there is no such process, or only what its parent has not taken note of. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`${PROC}/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return GONE.has(fields[STATE]) ? null : fields[START_TIME];
  } catch {
    return null;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
