import type { Bus } from '@parallax/bus';
import { patterns, STREAMS } from '@parallax/wire';
import { readFileSync } from 'node:fs';

/** Mean bytes of what the services sent and stored. */
export interface FillSizes {
  readonly approved: number;
  readonly order: number;
  readonly fill: number;
  readonly result: number;
  readonly request: number;
  /** Of the venue's word on an order: its report, and, with a little around it, its answer. */
  readonly report: number;
  /** Of a journal's line; 0 where the journals are in memory. */
  readonly line: number;
}

const mean = (bytes: readonly number[]): number => Math.round(bytes.reduce((sum, one) => sum + one, 0) / Math.max(1, bytes.length));

/** Listens to the services while they fill some plans, so that the empty hops can be given messages of the same sizes. */
export async function listenForSizes(paper: Bus, execution: Bus, journals: readonly string[]): Promise<() => Promise<FillSizes>> {
  const requests: number[] = [];
  const reports: number[] = [];
  const heard = [
    paper.subscribe(patterns.venueOrders, ({ bytes }) => requests.push(bytes.length)),
    execution.subscribe(patterns.venueReports, ({ bytes }) => reports.push(bytes.length)),
  ];
  await Promise.all([paper.flush(), execution.flush()]);
  const stored = async (stream: string): Promise<number> => {
    const bytes: number[] = [];
    for await (const message of execution.streams.read(stream, {})) bytes.push(message.bytes.length);
    return mean(bytes);
  };
  return async () => {
    for (const subscription of heard) subscription.unsubscribe();
    return {
      approved: await stored(STREAMS.approved), order: await stored(STREAMS.orders), fill: await stored(STREAMS.fills), result: await stored(STREAMS.results),
      request: mean(requests), report: mean(reports), line: mean(journals.flatMap(lineLengths)),
    };
  };
}

const lineLengths = (path: string): number[] => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => line.length + 1);
