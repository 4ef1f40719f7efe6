import { expect, test } from '@jest/globals';
import { listeningRefused } from './listening.js';

test('a port in use is told with its address and what sets it; another error stays as it is', () => {
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
  expect(listeningRefused(taken, '127.0.0.1', 8080, 'PORT')).toMatchObject({
    code: 'CONFIG_REFUSED', place: 'PORT', cause: taken, message: 'nobody can listen on 127.0.0.1:8080: something listens there already; choose another (port 0 takes a free one)',
  });
  const other = new Error('other');
  expect(listeningRefused(other, '127.0.0.1', 8080, 'PORT')).toBe(other);
  expect(listeningRefused(null, '127.0.0.1', 8080, 'PORT')).toBe(null);
});
