import { describeWith, recordings } from '@parallax/testing';
import { VENUES } from '@parallax/venues';
import { expect, test } from '@jest/globals';
import { recordsOf, transcode } from '../../../tools/transcode-kraken-v1.mjs';
import { identify, readRecording } from '../src/index.js';

const FILE = 'captures/kraken/cryptofeed-KRAKEN-part.jsonl.gz';

describeWith({ recording: FILE }, 'Kraken’s v1 recording', () => {
  test('reads as the very text that the documented script writes', async () => {
    const path = recordings(FILE)!;
    const recording = await identify(path, VENUES);
    expect(recording.format).toBe('kraken-v1');
    const kinds = new Map([['recv', 'stream'], ['http', 'listing']]);
    const expected = [...transcode(recordsOf(path))].filter(({ t }) => kinds.has(t));
    let at = 0;
    for await (const { kind, bytes } of readRecording(recording, (fault) => expect(fault).toBeNull())) {
      if (kind !== 'stream' && kind !== 'listing') continue;
      const { t, data } = expected[at++];
      expect(kinds.get(t)).toBe(kind);
      if (Buffer.from(bytes).toString() !== data) expect(Buffer.from(bytes).toString()).toBe(data);
    }
    expect(at).toBe(expected.length);
    expect(at).toBeGreaterThan(2_300);
  });
});
