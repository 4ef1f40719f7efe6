import { expect, test } from '@jest/globals';
import { checkServerVersion } from './version.js';

test('2.14 and newer pass, older and unreadable versions do not', () => {
  for (const version of ['2.14.0', '2.14.0-RC.1', '2.15.1', '2.100.0', '3.0.0']) expect(() => checkServerVersion(version)).not.toThrow();
  for (const version of ['2.13.9', '2.9.10', '1.99.0', 'unknown', '']) {
    expect(() => checkServerVersion(version)).toThrow(expect.objectContaining({ code: 'BUS_SERVER_TOO_OLD' }));
  }
});
