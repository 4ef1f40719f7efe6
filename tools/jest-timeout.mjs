/**
 * Runs before the tests of each file. The time that a test may take is set here and nowhere else: it only bounds what hangs,
 * and lies above the patience of `until` (packages/testing), whose message says what was awaited. A setting of a single
 * project does not reach jest where several run at once, and one of the command line is easily forgotten.
 */
import { jest } from '@jest/globals';

jest.setTimeout(600_000);
