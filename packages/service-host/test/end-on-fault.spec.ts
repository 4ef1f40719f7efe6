import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('./support/failing-process.mjs', import.meta.url));
const LOADER = new URL('../../../tools/swc-register.mjs', import.meta.url).href;

async function run(kind: string, ending: string): Promise<{ code: number | null; out: string; lines: Record<string, string>[] }> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, SCRIPT, kind, ending], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, lines: err.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>) };
}

test.each(['throw', 'reject', 'throw no error'])('a fault that nothing caught (%s) is one line of the log, and the process ends in order with 1', async (kind) => {
  const { code, out, lines } = await run(kind, 'ends');
  expect(code).toBe(1);
  expect(out).toBe('stopped');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'error', service: 'risk', error: expect.stringContaining('nobody caught it') });
  if (kind !== 'throw no error') expect(lines[0].error).toMatch(/\n +at /);
});

test.each([['hangs', 'something did not end in time and is left'], ['fails', 'it did not stop in order']])('where its end %s it ends with 1 all the same', async (ending, told) => {
  const { code, lines } = await run('throw', ending);
  expect(code).toBe(1);
  // The log is written beside the process, and what is left of it as the process goes: the later line may be the first.
  expect(lines.map(({ msg }) => msg).toSorted()).toEqual(['a fault that nothing caught ends the process', told].toSorted());
});
