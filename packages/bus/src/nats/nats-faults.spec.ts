import { expect, test } from '@jest/globals';
import { errors } from '@nats-io/transport-node';
import { faultOf } from './nats-faults.js';

test('who did not answer is named: NATS itself, or whoever listens', () => {
  const late = new errors.TimeoutError();
  expect(faultOf(late, 'append to "exec.order.main"', 'exec.order.main', 5_000)).toMatchObject({
    code: 'BUS_TIMEOUT', message: 'append to "exec.order.main": no answer from NATS (the server of NATS_URL) within 5000 ms',
  });
  expect(faultOf(late, 'request to "venue.order.okx"', 'venue.order.okx', 2_000, null).message).toBe('request to "venue.order.okx": no answer within 2000 ms');
});
