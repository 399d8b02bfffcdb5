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
 * Looks at any number of buckets of one server.
 *
 * KEYS, for each: epoch, last writes, due index. ARGV: who the caller is, until when something is due, how many to
 * give of each; then for each the epoch the caller remembers, its last write that it knows was written there, since
 * when something is due, how many of it to pass over. Output: for each {'lost', time, why} or {'seen', time,
 * {member, due, ...}, {writer, its last write, ...}}.
 */
export const lookScript = luaScript(`
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
${lostIn}
local function look(epoch, lastWrites, index, known, wrote, from, past)
  local _, lost = lostIn(epoch, known, lastWrites, ARGV[1], wrote)
  if lost then return {'lost', now, lost} end
  local due = {}
  if ARGV[3] ~= '0' then
    due = redis.call('ZRANGE', index, from, ARGV[2], 'BYSCORE', 'LIMIT', past, ARGV[3], 'WITHSCORES')
  end
  return {'seen', now, due, redis.call('HGETALL', lastWrites)}
end
local all = {}
for i = 0, #KEYS / 3 - 1 do
  local k, v = 3 * i, 4 * i + 3
  all[i + 1] = look(KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], ARGV[v + 1], ARGV[v + 2], ARGV[v + 3], ARGV[v + 4])
end
return all
`);

/** KEYS: epoch. ARGV: the epoch the caller remembers. Marks the bucket for everybody. */
export const markScript = luaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '!' .. ARGV[1]) end
return 1
`);
