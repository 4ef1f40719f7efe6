/**
 * An empty hop in the place of risk, execution or the paper venues: as many appends, requests and journal lines, on the same subjects
 * and in the same order, with messages of the same sizes; but it reads no more than of which intent a message is, and decides nothing.
 */
import type { DurableMessage } from '@parallax/bus';
import { CONSUMERS, marketPattern, STREAMS, subjects } from '@parallax/wire';
import { join } from 'node:path';
import { answer, busAs, clock, joining } from '../processes/child.js';
import { padded, wordsOf } from './bodies.js';
import { ACCOUNT, VENUE_IDS } from './market.js';
import type { FillSizes } from './sizes.js';
import { SyncedLines } from './synced-lines.js';

const ANSWER_WITHIN_MS = 2_000;
const HOPS = { risk, execution, paper } as const;

const bus = await busAs(joining.role);
let sizes: FillSizes = { approved: 64, order: 64, fill: 64, result: 64, request: 64, report: 64, line: 64 };
const append = async (subject: string, id: string, length: number): Promise<void> => {
  await bus.streams.append(subject, padded([id.slice(0, id.indexOf('/')), clock.nowUs()], length), { id });
};

bus.subscribe(marketPattern('quote'), () => {}, { whenSlow: 'newest' });
await HOPS[joining.role as keyof typeof HOPS]();
answer({
  health: () => ({ missing: [] }),
  shape: (shape: FillSizes) => {
    sizes = shape;
  },
});

/** Intent in, approval stored, intent acknowledged; what becomes of it is followed. */
async function risk(): Promise<void> {
  for (const [stream, consumer] of [[STREAMS.orders, CONSUMERS.riskOrders], [STREAMS.fills, CONSUMERS.riskFills], [STREAMS.results, CONSUMERS.riskResults]]) {
    await bus.streams.consume(stream, consumer, (message) => message.acknowledgeUnconfirmed());
  }
  await bus.streams.consume(STREAMS.intents, CONSUMERS.riskIntents, async (message) => {
    await append(subjects.approved(ACCOUNT), `${wordsOf(message.bytes)[0]}/approved`, sizes.approved);
    await message.acknowledge();
  });
}

/** Approval in, an order of each leg stored and sent, approval acknowledged; fills, orders as they ended, and the result stored. */
async function execution(): Promise<void> {
  await bus.streams.consume(STREAMS.approved, CONSUMERS.executionApproved, (message) => onApproval(message));
  for (const venue of VENUE_IDS) bus.subscribe(subjects.venueReport(venue), () => {});
}

async function onApproval(message: DurableMessage): Promise<void> {
  const [intent] = wordsOf(message.bytes);
  const stored = VENUE_IDS.map((venue) => append(subjects.order(ACCOUNT, venue), `${intent}/${venue}:1`, sizes.order));
  let answered = 0;
  for (const [leg, venue] of VENUE_IDS.entries()) {
    void stored[leg].then(() => placed(intent, venue)).then(() => {
      if (++answered === VENUE_IDS.length) void append(subjects.result(ACCOUNT), `${intent}/result`, sizes.result);
      return ended(intent, venue);
    });
  }
  await Promise.all(stored);
  await message.acknowledge();
}

async function placed(intent: string, venue: string): Promise<void> {
  await bus.request(subjects.venueOrder(venue), padded([intent], sizes.request), { timeoutMs: ANSWER_WITHIN_MS });
}

async function ended(intent: string, venue: string): Promise<void> {
  await append(subjects.fill(ACCOUNT, venue), `${intent}/${venue}:fill`, sizes.fill);
  await append(subjects.order(ACCOUNT, venue), `${intent}/${venue}:2`, sizes.order);
}

/** Order in, one line in the venue's journal, then the answer and the report. */
async function paper(): Promise<void> {
  bus.subscribe(marketPattern('book'), () => {}, { whenSlow: 'drop' });
  for (const venue of VENUE_IDS) {
    const lines = joining.settings.journal === 'file' ? new SyncedLines(join(String(joining.settings.directory), `${venue}.lines`)) : null;
    bus.subscribe(subjects.venueOrder(venue), (message) => {
      const [intent] = wordsOf(message.bytes);
      const tell = (): void => {
        message.respond(padded([intent], sizes.report));
        bus.publish(subjects.venueReport(venue), padded([intent], sizes.report));
      };
      if (lines === null) tell();
      else lines.append(padded([intent], sizes.line), tell);
    });
  }
}
