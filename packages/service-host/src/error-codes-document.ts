import { ERROR_CODES } from '@parallax/types';
import { HTTP_CODES } from './http/problem.js';

const table = (codes: Readonly<Record<string, string>>): string[] => [
  '| code | meaning |',
  '|---|---|',
  ...Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
];

/** The text of docs/error-codes.md; a test compares it. */
export function errorCodesDocument(): string {
  return [
    '# Error codes',
    '',
    'Made by `node packages/service-host/test/write-documents.mjs`; do not edit. An error has one of these codes wherever it is told: in logs, in',
    'answers over the bus and over HTTP. A code keeps its meaning; the sentence beside it may change. Why risk refuses an intent',
    'is told with codes of its own: [refusal-codes.md](refusal-codes.md).',
    '',
    '## Of every part',
    '',
    ...table(ERROR_CODES),
    '',
    '## Of HTTP alone',
    '',
    ...table(HTTP_CODES),
    '',
  ].join('\n');
}
