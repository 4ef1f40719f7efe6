import { expect, test } from '@jest/globals';
import { Session, type KeyStore } from './session.js';

function storeOf(kept = new Map<string, string>()): KeyStore {
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value), removeItem: (name) => void kept.delete(name) };
}

test('a key goes with every call and the stream until it is forgotten, and stays for the tab', () => {
  const store = storeOf();
  const session = new Session(store);
  expect([session.key, session.headers(), session.protocols()]).toEqual([null, {}, ['parallax']]);
  session.keep('a key of ü and /+?');
  const [protocol, key] = session.protocols();
  expect(protocol).toBe('parallax');
  // A sub-protocol is a token: letters, digits and a few signs.
  expect(key).toMatch(/^parallax\.key\.[\w-]+$/);
  expect(Buffer.from(key.slice('parallax.key.'.length), 'base64url').toString('utf8')).toBe('a key of ü and /+?');
  expect(session.headers()).toEqual({ 'x-api-key': 'a key of ü and /+?' });
  expect(new Session(store).key).toBe('a key of ü and /+?');
  session.forget();
  expect([session.key, session.headers(), session.protocols(), new Session(store).key]).toEqual([null, {}, ['parallax'], null]);
});

test('where the browser keeps nothing the key lasts as long as the page', () => {
  const refused = (): never => {
    throw new Error('denied');
  };
  const session = new Session({ getItem: refused, setItem: refused, removeItem: refused });
  expect(session.key).toBeNull();
  session.keep('k');
  expect(session.headers()).toEqual({ 'x-api-key': 'k' });
  session.forget();
  expect(session.key).toBeNull();
});
