import { TIME_DIGITS } from './stored-values.js';

/** Values that are newer than what is put by more than this are nobody's: a clock or a value is broken, and must not stay for ever. */
const FARTHEST_AHEAD_US = 60_000_000;

/**
 * Puts fields into the hash KEYS[1]: ARGV[1] is how long it lives from now, in milliseconds, then field and value by turns. Of
 * two writers the newer value stays, whoever writes last. What is no hash under our name gives way.
 */
export const PUT_NEWER = `
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
for i = 2, #ARGV, 2 do
  local new = tonumber(string.sub(ARGV[i + 1], 1, ${TIME_DIGITS}))
  local old = redis.call('HGET', KEYS[1], ARGV[i])
  local known = old and tonumber(string.sub(old, 1, ${TIME_DIGITS})) or 0
  if not (known > new and known <= new + ${FARTHEST_AHEAD_US}) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;
