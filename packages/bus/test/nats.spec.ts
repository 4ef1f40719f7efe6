import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { describeWith, until } from '@parallax/testing';
import { connectNats, PROVISIONER, type BusStatus } from '../src/index.js';
import { openConnection } from '../src/nats/connect.js';
import { describeBehaviours } from './behaviours/index.js';
import { reconnects } from './behaviours/restarts.js';
import { sending } from './behaviours/sending.js';
import { openNatsFixture } from './support/nats-fixture.js';
import type { NatsFixture } from './support/nats-fixture.js';
import { TEST_TOPOLOGY } from './support/topology.js';

describeWith('nats-server', 'the bus over a real nats-server', () => {
  describeBehaviours('nats', openNatsFixture);

  describe('nats: sending and reconnecting', () => {
    let fixture: NatsFixture;
    beforeAll(async () => {
      fixture = await openNatsFixture(TEST_TOPOLOGY);
    });
    afterAll(() => fixture.close());
    reconnects(() => fixture, openNatsFixture);
    sending(() => fixture, openNatsFixture);

    test('a stream that answers no write, as one whose disk is full, is told with what helps, and again once it keeps what it is given', async () => {
      const admin = await openConnection(fixture.options(PROVISIONER), () => 100);
      const { streams } = await jetstreamManager(admin);
      const bus = await connectNats({ ...fixture.options('tester'), timeoutMs: 100 });
      const told: BusStatus[] = [];
      bus.onStatus((status) => void (status.type === 'store' && told.push(status)));
      let number = 0;
      const append = (subject: string): Promise<unknown> => bus.streams.append(subject, new Uint8Array(1), { id: `kept-${number++}` }).catch((error: Error) => error);
      await streams.update('BRIEF', { no_ack: true });
      await until(async () => {
        await append('brief.kept');
        return told.length > 0;
      }, 'the stream is told');
      expect(told).toEqual([{ type: 'store', failure: 'NATS (the server of NATS_URL) keeps nothing in BRIEF (it answers no write)', help: expect.stringContaining('start nats-server again') }]);
      await streams.update('BRIEF', { no_ack: false });
      await until(async () => {
        await append('brief.kept');
        return told.length > 1;
      }, 'the stream keeps again');
      expect(told[1]).toMatchObject({ type: 'store', failure: null });
      await bus.drain();
      await admin.close();
    });
  });
});
