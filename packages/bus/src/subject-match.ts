/**
 * The rules of subjects: tokens joined by dots; in a pattern `*` stands for exactly one token and a final `>` for one or
 * more. The same as NATS has them (docs.nats.io, "Subject-Based Messaging").
 */

const BAD_TOKEN = /[\s*>]/;
const BAD_PATTERN_TOKEN = /\s/;

/** Whether `subject` may be published to: no wildcard, no space, no empty token. */
export function isSubject(subject: string): boolean {
  if (subject === '' || BAD_TOKEN.test(subject)) return false;
  return !subject.startsWith('.') && !subject.endsWith('.') && !subject.includes('..');
}

/** Whether `pattern` may be subscribed to: `*` and `>` stand alone in their token, `>` only at the end. */
export function isPattern(pattern: string): boolean {
  const tokens = pattern.split('.');
  return tokens.every((token, at) => {
    if (token === '' || BAD_PATTERN_TOKEN.test(token)) return false;
    if (token === '>') return at === tokens.length - 1;
    return token === '*' || !(token.includes('*') || token.includes('>'));
  });
}

/** Whether a pattern matches a subject. */
export function matches(pattern: string, subject: string): boolean {
  return covers(pattern, subject);
}

/** Whether every subject that `inner` (a subject or a pattern) matches is matched by `outer` too. */
export function covers(outer: string, inner: string): boolean {
  const outerTokens = outer.split('.');
  const innerTokens = inner.split('.');
  for (let at = 0; at < outerTokens.length; at++) {
    if (outerTokens[at] === '>') return innerTokens.length > at;
    if (at >= innerTokens.length || innerTokens[at] === '>') return false;
    if (outerTokens[at] !== '*' && outerTokens[at] !== innerTokens[at]) return false;
  }
  return outerTokens.length === innerTokens.length;
}

export const coveredByAny = (patterns: readonly string[], inner: string): boolean =>
  patterns.some((pattern) => covers(pattern, inner));
