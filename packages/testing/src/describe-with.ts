import { describe, test } from '@jest/globals';
import { programPath, type ProgramName } from './programs.js';
import { recordings, recordingsFolder } from './recordings.js';

/** What a group of tests cannot do without: a program, or a recording by its path below the recordings' folder. */
export type Need = ProgramName | { readonly recording: string };

/** Why a need cannot be met here, in a sentence, or null when it can. */
export function missingNeed(need: Need): string | null {
  if (typeof need === 'string') {
    return programPath(need) === null ? `${need} is missing (node tools/servers/main.mjs fetch ${need})` : null;
  }
  return recordings(need.recording) === null
    ? `the recording ${need.recording} is not below ${recordingsFolder()} (PARALLAX_DATA)`
    : null;
}

/**
 * A `describe` that runs where all needs are met. Elsewhere it is skipped and its title says what is missing; with
 * CI=true it fails instead, so that nothing is left out unseen.
 */
export function describeWith(needs: Need | readonly Need[], title: string, body: () => void): void {
  const list = Array.isArray(needs) ? (needs as readonly Need[]) : [needs as Need];
  const missing = list.map(missingNeed).filter((sentence) => sentence !== null);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const sentence = missing.join('; ');
  describe(title, () => {
    if (process.env.CI === 'true') {
      test(`cannot run: ${sentence}`, () => {
        throw new Error(sentence);
      });
    } else {
      test.skip(`not tested: ${sentence}`, () => undefined);
    }
  });
}
