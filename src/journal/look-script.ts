// What is looked at in a bucket again and again: whether it still holds the journal, and what of it is due.

import { luaScript } from './lua-script.js';

/**
 * Lua, for every script that works on a bucket. A bucket that turns out to have lost what a process knows it
 * wrote is marked: from then on it is nobody's journal, until a person adopts it.
 */
export const lostIn = `
-- Why a bucket is not part of the journal whose epoch is known: emptied, or writes; nil where it is
local function isAnother(epoch, known)
  local there = redis.call('GET', epoch)
  if there == known then return nil end
  return there == '!' .. known and 'writes' or 'emptied'
end
-- When the writer wrote last, and the same; wrote is its last write that it knows was written
local function lostIn(epoch, known, lastWrites, writer, wrote)
  local last = tonumber(redis.call('HGET', lastWrites, writer) or 0)
  local why = isAnother(epoch, known)
  if not why and last < tonumber(wrote) then
    redis.call('SET', epoch, '!' .. known)
    why = 'writes'
  end
  return last, why
end
`;

/**
 * KEYS: epoch, last writes, due index. ARGV: the epoch the caller remembers, who it is, its last write that it
 * knows was written here, since and until when something is due, how many to pass over and how many to give.
 * Output: {'lost', time, why} or {'seen', time, {member, due, ...}, {writer, its last write, ...}}.
 */
export const lookScript = luaScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
${lostIn}
local _, lost = lostIn(KEYS[1], ARGV[1], KEYS[2], ARGV[2], ARGV[3])
if lost then return {'lost', now, lost} end
local due = {}
if ARGV[7] ~= '0' then
  due = redis.call('ZRANGE', KEYS[3], ARGV[4], ARGV[5], 'BYSCORE', 'LIMIT', ARGV[6], ARGV[7], 'WITHSCORES')
end
return {'seen', now, due, redis.call('HGETALL', KEYS[2])}
`);

/** KEYS: epoch. ARGV: the epoch the caller remembers. Marks the bucket for everybody. */
export const markScript = luaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '!' .. ARGV[1]) end
return 1
`);
