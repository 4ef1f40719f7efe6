import { expect, test } from '@jest/globals';
import { fileFaultOf, fileFaultText } from './file-fault.js';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: whatever, mkdir '/state'`), { code });

test('each cause has its own reason and its own advice, by the code of the system', () => {
  const told = ['EACCES', 'ENOTDIR', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE'].map((code) => fileFaultOf(withCode(code))!);
  expect(new Set(told.map(({ reason }) => reason)).size).toBe(told.length);
  expect(new Set(told.map(({ advice }) => advice)).size).toBe(told.length);
  expect(fileFaultText(withCode('ENOSPC'))).toBe('its disk is full (ENOSPC): make room on it');
});

test('a store that tells the system’s words alone, in the error or in what it came from, is read as well', () => {
  const store = new Error('Database failed to open', { cause: new Error('IO error: /state/bus/LOCK: Read-only file system') });
  expect(fileFaultOf(store)).toEqual({ reason: 'its file system is read-only (EROFS)', advice: 'mount it writable' });
});

test('what is not known is told in the words of the innermost error, and never as something else', () => {
  const damaged = new Error('Database failed to open', { cause: new Error('Corruption: bad block') });
  expect([fileFaultOf(damaged), fileFaultText(damaged), fileFaultText('text'), fileFaultOf(null)]).toEqual([null, 'Corruption: bad block', 'text', null]);
});
