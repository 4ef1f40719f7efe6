import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bus } from '@parallax/bus';
import { approvalId } from '@parallax/risk';
import { overlay, until } from '@parallax/testing';
import { ParallaxError } from '@parallax/types';
import { BUCKETS, encodeJson, STREAMS, subjects } from '@parallax/wire';
import { ACCOUNT, clock, CONFIGURATION, intentOf, reservedAt, Stand } from './support.js';

let stand: Stand;
beforeEach(async () => {
  stand = await new Stand().open();
});
afterEach(async () => stand.close());

/** Intents come as those that another instance had and did not acknowledge. */
const redelivering = (bus: Bus): Bus => overlay(bus, {
  streams: overlay(bus.streams, {
    consume: (stream, consumer, handler) => bus.streams.consume(stream, consumer, (message) => handler(
      stream === STREAMS.intents ? overlay(message, { deliveries: message.deliveries + 1 }) : message,
    )),
  }),
});

test('a verdict that a predecessor stored after this one had read the streams stands: what it approved is reserved, and not refused as well', async () => {
  const risk = await stand.start(CONFIGURATION, redelivering);
  await stand.ready(risk);
  const intent = intentOf('both');
  const approval = {
    kind: 'approved', id: approvalId('both', 1), intent, plan: intent.plan, reserved: '2005', scaledBy: '1', epoch: 1, atUs: clock.nowUs(), expiresAtUs: intent.expiresAtUs,
  };
  await stand.bus.as('risk').streams.append(subjects.approved(ACCOUNT), encodeJson(approval), { id: intent.id });
  // By what this one knows it would refuse.
  await stand.ask(subjects.halt(), {});
  await stand.intend(intent);
  await until(() => risk.health().counters.refused + risk.health().counters.repeated > 0, 'the intent');
  expect([(await stand.verdicts()).map(({ kind }) => kind), reservedAt(risk)]).toEqual([['approved'], '0.01']);
});

test('a lease that cannot be taken says why, and is not taken for one that another holds', async () => {
  let full = true;
  const risk = await stand.start(CONFIGURATION, (bus) => overlay(bus, {
    state: (name) => overlay(bus.state(name), {
      put: (...given) => (full && name === BUCKETS.leases ? Promise.reject(new ParallaxError('STORE_FAILED', 'No space left')) : bus.state(name).put(...given)),
    }),
  }));
  await until(() => risk.health().missing[0] === 'the lease of risk cannot be taken: No space left', () => risk.health().missing.join());
  full = false;
  await stand.ready(risk);
});
