import { TIME_DIGITS } from './stored-values.js';

/** Values that are newer than what is put by more than this are nobody's: a clock or a value is broken, and must not stay for ever. */
const FARTHEST_AHEAD_US = 60_000_000;

/**
 * Puts fields into the hash KEYS[1]. ARGV[1] is how long it lives from now, in milliseconds; ARGV[2] holds field and value by
 * turns, each after its length: one argument, because a client pays for each of them. Of two writers the newer value stays,
 * whoever writes last. What is no hash under our name gives way.
 */
export const PUT_NEWER = `
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
local at = 1
while at <= #ARGV[2] do
  local field, value
  field, value, at = struct.unpack('<I4c0I4c0', ARGV[2], at)
  local new = tonumber(string.sub(value, 1, ${TIME_DIGITS}))
  local old = redis.call('HGET', KEYS[1], field)
  local known = old and tonumber(string.sub(old, 1, ${TIME_DIGITS})) or 0
  if not (known > new and known <= new + ${FARTHEST_AHEAD_US}) then
    redis.call('HSET', KEYS[1], field, value)
  end
end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

/** The second argument of {@link PUT_NEWER}. */
export function fieldsAndValues(pairs: readonly (readonly [field: string, value: Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [field, value] of pairs) {
    const name = Buffer.from(field);
    const lengths = [Buffer.allocUnsafe(4), Buffer.allocUnsafe(4)];
    lengths[0].writeUInt32LE(name.length);
    lengths[1].writeUInt32LE(value.length);
    parts.push(lengths[0], name, lengths[1], value);
  }
  return Buffer.concat(parts);
}
