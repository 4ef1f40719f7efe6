import { test } from '@jest/globals';
import { describeBehaviours } from './behaviours/index.js';
import { openNats } from './support/nats-fixture.js';
import { natsServerPath } from './support/nats-server.js';

if (natsServerPath() === null) test.skip('no nats-server: set PARALLAX_TEST_NATS_SERVER', () => {});
else describeBehaviours('nats', openNats);
