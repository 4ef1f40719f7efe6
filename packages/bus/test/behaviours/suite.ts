import type { Fixture, OpenFixture } from '../support/fixture.js';

/** One behaviour of the port, as tests for whichever transport the fixture opens; `open` gives another one beside it. */
export type Suite = (fixture: () => Fixture, open: OpenFixture) => void;
