import type { Fixture } from '../support/fixture.js';

/** One behaviour of the port, as tests for whichever transport the fixture opens. */
export type Suite = (fixture: () => Fixture) => void;
