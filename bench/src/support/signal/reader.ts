/** A process like the gateway: hears opportunities as they come and keeps when each opened. */
import { patterns } from '@parallax/wire';
import type { Opportunity } from '@parallax/types';
import { answer, busAs, clock, joining } from '../processes/child.js';

export interface Heard {
  /** Symbol and time of each opportunity that opened, in their order. */
  readonly opened: readonly (readonly [symbol: number, atUs: number])[];
  readonly messages: number;
  readonly bytes: number;
}

const bus = await busAs('gateway');
const hops = joining.settings.hops === true;
let opened: [number, number][] = [];
let messages = 0;
let bytes = 0;

/** The symbol whose opportunity opens with this message; -1 when none does. */
function openedIn(message: Uint8Array): number {
  if (hops) return Buffer.from(message.buffer, message.byteOffset, 8).readDoubleLE(0);
  const { state, base } = JSON.parse(Buffer.from(message).toString()) as Opportunity;
  return state === 'opened' ? Number(base.slice('COIN'.length)) : -1;
}

bus.subscribe(patterns.opportunities, (message) => {
  const heardAtUs = clock.nowUs();
  messages++;
  bytes += message.bytes.length;
  const symbol = openedIn(message.bytes);
  if (symbol >= 0) opened.push([symbol, heardAtUs]);
});

answer({
  /** What was heard since the last question. */
  take: (): Heard => {
    const heard = { opened, messages, bytes };
    opened = [];
    messages = bytes = 0;
    return heard;
  },
});
