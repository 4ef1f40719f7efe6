import { expect, test } from '@jest/globals';
import { chosenBus } from './bus-choice.js';

const NATS_URL = 'nats://127.0.0.1:4222';

test('the bus of NATS_URL is joined only by who says so', () => {
  expect(chosenBus({})).toBe('embedded');
  expect(chosenBus({ NATS_URL: '' })).toBe('embedded');
  expect(chosenBus({ NATS_URL }, 'nats')).toBe('nats');
  expect(chosenBus({ NATS_URL }, 'embedded')).toBe('embedded');
  expect(() => chosenBus({ NATS_URL })).toThrow(/--bus nats if that is meant, --bus embedded/);
  expect(() => chosenBus({}, 'nats')).toThrow(/NATS_URL is not set/);
});
