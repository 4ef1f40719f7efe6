import { describeBehaviours } from './behaviours/index.js';
import { openPort } from './support/port-fixture.js';

describeBehaviours('port', openPort);
