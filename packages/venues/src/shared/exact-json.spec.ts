import { expect, test } from '@jest/globals';
import { Mutator } from '../../test/support/mutate.js';
import { SeededRandom } from '../../test/support/random.js';
import { JsonNumber, MAXIMUM_DEPTH, parseExactJson, type ExactJson } from './exact-json.js';

/** The value that JSON.parse would give. */
function floats(value: ExactJson): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(floats);
  if (typeof value !== 'object' || value === null) return value;
  // Not Object.fromEntries on a literal: a key may be __proto__.
  return Object.entries(value).map(([key, member]) => [key, floats(member)]);
}
function listed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(listed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => [key, listed(member)]);
}
const outcome = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return 'refused';
  }
};

const SEED = '{"a":[1,-0.10,1e5,"x\\u00e9\\n",true,null,{}],"__proto__":{"b":[[],{"c":0.0}]},"price":354.1500,"a b":"\\"","é":-1E-2}';

test('numbers keep their text', () => {
  const value = parseExactJson('{"price":354.1500,"qty":0e-8}') as Record<string, JsonNumber>;
  expect([value.price.text, value.qty.text]).toEqual(['354.1500', '0e-8']);
});

test('accepts and refuses what JSON.parse does, over 20,000 mutations', () => {
  const mutator = new Mutator(new SeededRandom(7));
  const seed = new TextEncoder().encode(SEED);
  let accepted = 0;
  for (let round = 0; round < 20_000; round++) {
    const text = new TextDecoder().decode(mutator.mutate(seed, seed).bytes);
    const expected = outcome(() => listed(JSON.parse(text)));
    if (expected !== 'refused') accepted++;
    expect([text, outcome(() => floats(parseExactJson(text)))]).toEqual([text, expected]);
  }
  expect(accepted).toBeGreaterThan(10_000);
});

test('the corners of the grammar', () => {
  for (const text of ['01', '-', '1.', '.5', '+1', '1e', 'nul', 'truee', '"\u0001"', '"\\x"', '"\\u12g4"', '[1,]', '{"a":1,}', '{a:1}', '', ' ', '[', '"', '1 2', '\u00a01']) {
    expect([text, outcome(() => parseExactJson(text))]).toEqual([text, 'refused']);
    expect(outcome(() => JSON.parse(text) as unknown)).toBe('refused');
  }
  expect(() => parseExactJson('[1,x]')).toThrow('unexpected "x" at position 3');
});

test('deep nesting is refused, not a stack overflow', () => {
  expect(() => parseExactJson('['.repeat(1_000_000))).toThrow(`nested deeper than ${MAXIMUM_DEPTH}`);
});
