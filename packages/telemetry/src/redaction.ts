import { ParallaxError } from '@parallax/types';

const SECRET_NAME = /pass(word|wd|phrase)?$|secret|token$|api[-_]?key|authorization|cookie|credential|private[-_]?key/i;
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi;
const DEEPEST = 6;

export const HIDDEN = '[hidden]';

/** Takes user and password out of addresses, and tokens out of headers, that stand inside a text. */
export function textWithoutSecrets(text: string): string {
  return text.replace(IN_ADDRESS, `$1${HIDDEN}@`).replace(BEARER, `$1 ${HIDDEN}`);
}

/** A copy for the log: fields whose name says secret are hidden at any depth, errors become plain objects. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return textWithoutSecrets(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const fields: Record<string, unknown> = {};
  if (isError(value)) Object.assign(fields, { type: value.name, message: value.message, ...stackOf(value), cause: untoldCause(value) });
  for (const [name, field] of Object.entries({ ...fields, ...value })) {
    fields[name] = SECRET_NAME.test(name) && field !== undefined && field !== null ? HIDDEN : withoutSecrets(field, depth + 1);
  }
  return fields;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Also errors of another realm, which `instanceof` does not know. Their fields are not enumerable. */
const isError = (value: object): value is Error => Object.prototype.toString.call(value) === '[object Error]';

/** The first of its causes that says something else than the error itself does; what is said once is enough. */
function untoldCause(error: Error): unknown {
  const isToldBy = (cause: unknown): cause is Error =>
    error instanceof ParallaxError && isObject(cause) && isError(cause) && error.message.includes(cause.message);
  let { cause } = error;
  while (isToldBy(cause)) ({ cause } = cause);
  return cause;
}

/** What was thrown on purpose says itself where and why. */
const stackOf = (error: Error): { stack?: string | undefined } => (error instanceof ParallaxError ? {} : { stack: error.stack });
