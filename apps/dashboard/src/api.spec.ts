import { afterEach, expect, jest, test } from '@jest/globals';

const kept = new Map<string, string>();
Object.defineProperty(globalThis, 'sessionStorage', {
  configurable: true,
  value: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value), removeItem: (name: string) => kept.delete(name) },
});
const { book, isLetIn } = await import('./api.js');

afterEach(() => void jest.restoreAllMocks());

/** The limit of the calls that follow; called, it is over. */
function limit(): () => void {
  const controller = new AbortController();
  jest.spyOn(AbortSignal, 'timeout').mockReturnValue(controller.signal);
  return () => controller.abort(new DOMException('too late', 'TimeoutError'));
}
const silent = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => {
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason));
});

test('a gateway that never answers does not answer: the page asks again, and does not wait for ever', async () => {
  jest.spyOn(globalThis, 'fetch').mockImplementation((_, request) => silent(request!.signal!));
  const end = limit();
  const asked = isLetIn();
  const read = book('okx', 'BTC/USDT', 5);
  end();
  expect(await asked).toBeNull();
  await expect(read).rejects.toThrow('has not answered within 10 s');
});

test('nor does one whose answer never ends', async () => {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, request) => ({ ok: true, status: 200, json: () => silent(request!.signal!) }) as unknown as Response);
  const end = limit();
  const asked = isLetIn();
  end();
  expect(await asked).toBeNull();
});
