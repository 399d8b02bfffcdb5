// Reads and mends the counts of one bucket.

import { luaScript } from './lua-script.js';

/**
 * KEYS: epoch, tally, ages, pending. ARGV: the epoch the caller remembers, now, how much of what is pending to
 * give. Output: {'lost'} or {'counted', {pending, due, ...}, {group, count, name of the oldest, decimals, units,
 * ...}, ...}.
 */
export const countScript = luaScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'lost'} end
local fields = redis.call('HGETALL', KEYS[2])
local due = redis.call('ZRANGE', KEYS[4], '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3], 'WITHSCORES')
local rows, sums = {'counted', due}, {}
for i = 1, #fields, 2 do
  local decimals, group = string.match(fields[i], '^(%d+)%$(.*)$')
  if decimals then
    sums[group] = sums[group] or {}
    table.insert(sums[group], decimals)
    table.insert(sums[group], fields[i + 1])
  end
end
for i = 1, #fields, 2 do
  local group = fields[i]
  if not string.find(group, '^%d+%$') then
    local oldest = redis.call('ZRANGE', KEYS[3], '[' .. group .. ':', '(' .. group .. ';', 'BYLEX', 'LIMIT', 0, 1)[1]
    local row = {group, fields[i + 1], oldest or ''}
    for _, part in ipairs(sums[group] or {}) do table.insert(row, part) end
    table.insert(rows, row)
  end
end
return rows
`);

/** KEYS: record, tally, ages. ARGV: its member. Counts a record that is not counted yet, by what it says itself. */
export const recountScript = luaScript(`
local value = redis.call('GET', KEYS[1])
local letters, since, units, decimals = string.match(value or '', '^%d+ %S+ ([^/ ]+)/(%d+)/(-?%d+)/(%d+) ')
if not letters then return 0 end
local agent, id = string.match(ARGV[1], '^([^:]*):(.*)$')
local group = letters .. ':' .. agent
if redis.call('ZADD', KEYS[3], 0, group .. ':' .. since .. ':' .. id) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], group, 1)
if units ~= '0' then redis.pcall('HINCRBY', KEYS[2], decimals .. '$' .. group, units) end
return 1
`);

/**
 * KEYS: what an operator has on trust, what is pending there. ARGV: member, since when it is on trust or
 * 'off', the operator, the due time of what is pending: '' where that does not matter. Nothing is changed
 * where somebody is at it again.
 */
export const trustScript = luaScript(`
local name = ARGV[3] .. ':' .. ARGV[1]
if ARGV[4] ~= '' and redis.call('ZSCORE', KEYS[2], name) ~= ARGV[4] then return 0 end
if ARGV[2] == 'off' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
end
redis.call('ZREM', KEYS[2], name)
return 1
`);
