import { test } from '@jest/globals';
import { coinbase, kraken, okx, type VenueDefinition } from '../src/index.js';
import { transcode } from '../../../tools/transcode-kraken-v1.mjs';
import { listedIn } from './support/bench-reader.js';
import { framesOf, haveCaptures, linesOf, type RecordedLine } from './support/captures.js';
import { mutateFrames } from './support/mutation-run.js';

const recorded = haveCaptures ? test : test.skip;
/** Frames beyond this are left out: mutating megabytes says no more than mutating kilobytes. */
const LARGEST = 8_000;

const VENUES: readonly [VenueDefinition, () => readonly RecordedLine[]][] = [
  [okx, () => linesOf('okx', 'cryptofeed-OKX-part.jsonl.gz')],
  [kraken, () => [...transcode(linesOf('kraken', 'cryptofeed-KRAKEN-part.jsonl.gz'))]],
  [coinbase, () => linesOf('coinbase', 'cryptofeed-COINBASE-part.jsonl.gz')],
];

for (const [definition, lines] of VENUES) {
  recorded(`${definition.id}: mutated frames never throw, both paths agree, refusals name reason and place`, () => {
    const recording = lines();
    const { found } = listedIn(definition, recording);
    const all = framesOf(recording).filter(({ length }) => length <= LARGEST);
    mutateFrames(definition, found, all);
  });
}
