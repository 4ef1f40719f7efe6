import { describeBehaviours } from './behaviours/index.js';
import { openMemory } from './support/memory-fixture.js';

describeBehaviours('memory', openMemory);
