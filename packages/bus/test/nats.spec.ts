import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeWith } from '@parallax/testing';
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
  });
});
