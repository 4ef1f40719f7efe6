import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Fixture, OpenFixture } from '../support/fixture.js';
import { TEST_TOPOLOGY } from '../support/topology.js';
import { drain } from './drain.js';
import { identity } from './identity.js';
import { faults } from './faults.js';
import { leases } from './leases.js';
import { nest } from './nest.js';
import { order } from './order.js';
import { permissions } from './permissions.js';
import { queueGroups } from './queue-groups.js';
import { redelivery } from './redelivery.js';
import { requests } from './requests.js';
import { restarts } from './restarts.js';
import { slowReader } from './slow-reader.js';
import { state } from './state.js';
import { streams } from './streams.js';
import { wildcards } from './wildcards.js';
import type { Suite } from './suite.js';

const SUITES: Record<string, Suite> = {
  order,
  wildcards,
  'queue groups': queueGroups,
  'slow reader': slowReader,
  requests,
  'durable streams': streams,
  redelivery,
  'shared state': state,
  identity,
  leases,
  faults,
  permissions,
  nest,
  drain,
  restarts,
};

/** Runs every behaviour of the port against one transport. */
export function describeBehaviours(transport: string, open: OpenFixture): void {
  for (const [name, suite] of Object.entries(SUITES)) {
    describe(`${transport}: ${name}`, () => {
      let fixture: Fixture;
      beforeAll(async () => {
        fixture = await open(TEST_TOPOLOGY, { durable: suite === restarts });
      });
      afterAll(async () => {
        await fixture.close();
      });
      suite(() => fixture, open);
    });
  }
}
