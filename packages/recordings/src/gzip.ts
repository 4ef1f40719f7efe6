import { createGunzip } from 'node:zlib';

/**
 * Unpacks gzip piece by piece, the next one on zlib's thread while the reader works on the last. What was unpacked before a
 * file was cut or went bad is given out before the error is thrown: the end is only told to zlib once everything else has
 * been taken. Zeros behind the end are padding, as gzip itself has it.
 */
export async function* unpack(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const unpacked: Buffer[] = [];
  let failure: Error | undefined;
  let over = false;
  // After its end or an error zlib answers no write that is under way.
  let onOver = (): void => {};
  const finish = (error?: Error): void => {
    failure ??= error;
    over = true;
    onOver();
  };
  const untilOver = (begin: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      onOver = resolve;
      begin(resolve);
    });
  gunzip.on('data', (piece: Buffer) => unpacked.push(piece));
  gunzip.on('error', finish);
  gunzip.on('end', () => finish());
  try {
    let written = Promise.resolve();
    for await (const piece of pieces) {
      await written;
      if (over) break;
      written = untilOver((done) => gunzip.write(piece, () => done()));
      yield* unpacked.splice(0);
    }
    await written;
    if (!over) await untilOver(() => gunzip.end());
    yield* unpacked.splice(0);
    if (failure) throw failure;
  } finally {
    gunzip.destroy();
  }
}
