import { createGunzip } from 'node:zlib';

/**
 * Unpacks gzip piece by piece. What was unpacked before a file was cut or went bad is given out before the error is
 * thrown: the end is only told to zlib once everything else has been taken.
 */
export async function* unpack(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const unpacked: Buffer[] = [];
  let failure: Error | undefined;
  gunzip.on('data', (piece: Buffer) => unpacked.push(piece));
  // After an error zlib answers no write that is under way.
  let onFailure = (): void => {};
  gunzip.on('error', (error) => {
    failure = error;
    onFailure();
  });
  try {
    for await (const piece of pieces) {
      await new Promise<void>((resolve) => {
        onFailure = resolve;
        gunzip.write(piece, () => resolve());
      });
      yield* unpacked.splice(0);
      if (failure) throw failure;
    }
    await new Promise<void>((resolve) => {
      onFailure = resolve;
      gunzip.once('end', resolve);
      gunzip.end();
    });
    yield* unpacked.splice(0);
    if (failure) throw failure;
  } finally {
    gunzip.destroy();
  }
}
