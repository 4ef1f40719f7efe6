import { REFUSAL_CODES } from '@parallax/types';

/** The text of docs/refusal-codes.md; a test compares it. */
export function refusalCodesDocument(): string {
  const rows = Object.entries(REFUSAL_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    '# Why risk refuses an intent',
    '',
    'Made from `REFUSAL_CODES` in packages/types; do not edit. A refusal names every reason that applies, each with what',
    'was measured and what is allowed where both exist.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
