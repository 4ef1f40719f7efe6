import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { describeBehaviours } from './behaviours/index.js';
import { reconnects } from './behaviours/restarts.js';
import { openNatsFixture } from './support/nats-fixture.js';
import type { NatsFixture } from './support/nats-fixture.js';
import { natsServerPath } from './support/nats-server.js';
import { TEST_TOPOLOGY } from './support/topology.js';

if (natsServerPath() === null) {
  test.skip('no nats-server: set PARALLAX_TEST_NATS_SERVER', () => {});
} else {
  describeBehaviours('nats', openNatsFixture);
  describe('nats: reconnect', () => {
    let fixture: NatsFixture;
    beforeAll(async () => {
      fixture = await openNatsFixture(TEST_TOPOLOGY);
    });
    afterAll(() => fixture.close());
    reconnects(() => fixture);
  });
}
