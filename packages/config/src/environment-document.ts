import { VARIABLES, type Variable } from './variables.js';

const HEAD = `# Environment

Every variable that Parallax reads. An empty variable counts as unset; a value that does not fit is refused at start, all
of them at once, each with what would be right. A secret may instead lie in the file that \`<NAME>_FILE\` names; secrets
are never printed or logged.

This page is made from packages/config/src/variables.ts by \`node tools/write-environment.mjs\`; a test keeps it current.

| Variable | Value | Default | Read by | Meaning |
|---|---|---|---|---|
`;

/** Tools and tests read these by themselves, before anything is installed. */
const TOOLS: readonly (readonly [string, string, string, string])[] = [
  ['CI', '`true` or not', '', 'Where `true`, `npm test` fails for a missing server or recording instead of skipping its tests'],
  ['PARALLAX_CACHE', 'folder', '`~/.cache/parallax`', 'Where fetched programs are kept, shared by all clones'],
  ['PARALLAX_NATS_SERVER', 'path', 'found or fetched', 'The nats-server (2.14 or newer) of local work and tests'],
  ['PARALLAX_REDIS_SERVER', 'path', 'found or fetched', 'The redis-server (7.0 or newer) of local work and tests'],
  ['PARALLAX_CHROMIUM', 'path', 'found or fetched', 'The browser of the browser tests'],
  ['PARALLAX_TEST_NATS_SERVER, PARALLAX_TEST_REDIS_SERVER, PARALLAX_TEST_CHROMIUM', 'path', 'set by `npm test`', 'The programs that a test run uses'],
];

/** The text of docs/environment.md. */
export function environmentDocument(): string {
  const rows = Object.entries(VARIABLES as Readonly<Record<string, Variable>>).map(([name, variable]) => {
    const names = variable.secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    const standard = variable.standard === undefined ? '' : variable.standard === '' ? 'empty' : `\`${variable.standard}\``;
    return [names, variable.secret ? 'secret' : variable.kind.description, standard, variable.readBy.join(', '), variable.meaning];
  });
  const tools = TOOLS.map(([name, value, standard, meaning]) => [name.split(', ').map((one) => `\`${one}\``).join(', '), value, standard, 'tools', meaning]);
  return `${HEAD}${[...rows, ...tools].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
