/** Who takes the pictures of the documentation makes sure that they are small. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_PICTURE_BYTES, smallEnough } from './pictures.mjs';

test('rows are left out until a picture is small enough', async () => {
  const taken = [];
  const take = async (rows) => {
    taken.push(rows);
    return Buffer.alloc(rows * 100_000);
  };
  assert.equal((await smallEnough(5, take)).rows, 2);
  assert.deepEqual(taken, [5, 4, 3, 2]);
  await assert.rejects(smallEnough(3, async () => Buffer.alloc(MOST_PICTURE_BYTES)), /with a single row/);
});
