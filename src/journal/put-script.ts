// The one write there is: a record, the index entry that lists it while it is unfinished, its place among the
// counts, the sign that belongs to it, its place among what its operator has on trust, and that of a claim among
// what its player began that day. All policy is elsewhere. The script only refuses a write that was decided on
// something that is no longer so (another revision, another journal altogether, a journal that lost what this
// process wrote), and one more on trust than there may be.
//
// It has four parts, each with the keys of one bucket. One server runs all that are needed at once. The
// masters of a Cluster run them one after another: first the sign, then what is to be on trust, then the
// record, then what the record made of its place on trust. So it must be right to stop after any of them. A
// sign without its record stays with the transaction it came with, which may come again. A place on trust
// without its record is pending, and whoever counts finds out what became of it. The player's list is written
// beside the record, and nobody waits for it: an entry without a record is passed over by whoever reads.

import { lostIn } from './look-script.js';
import { luaScript } from './lua-script.js';

/** Milliseconds after a write can no longer happen until its place on trust is looked into. */
const settledAfter = 5_000;
/** Milliseconds after which it is no longer remembered when a process wrote last: it is long gone. */
const forgottenAfter = 86_400_000;

export const putScript = luaScript(`
-- Input: for each part that is to run, its keys one after another
--   r  the record, the epoch, the last writes, the due index, the tally, the ages of its bucket
--   s  the epoch of the sign's bucket, the sign
--   t  the epoch of the operator's bucket, what it has on trust, what is pending there
--   f  the same three, after the record was written
--   p  the epoch of the player's bucket, the player's list of the day
--   ARGV[1] the parts: letters of the above
--   ARGV[2] the record's text
--   ARGV[3] the rest by name, as JSON, because each argument costs its own way here; what says nothing is left out
--     expected    the revision the write was decided on; 0: no record may exist
--     writeId     the same one again is the same write again
--     notAfter    epoch ms: later than this, by the clock here, nothing is written
--     member      what the record is called in the due index
--     due         when to look at it (epoch ms, +inf); left out: it is listed no more
--     lifetime    ms the record lives from now on, or 0 for ever
--     waits       a WAIT follows, which vouches only for what was written here
--     epoch, writer, lastWrite   the epoch the writer remembers, who it is, its last write that it knows was
--                 written here
--     standing    what the record counts as: "-", or "<letters>/<since>/<units>/<decimals>"
--     signLifetime  ms the sign stays bound, and the player's list stays
--     playerEpoch, signEpoch, trustEpoch   the epochs of their buckets
--     noRoom      there is no room for a record that is not there yet
--     operator    whose trust it is
--     trustedSince  since when it is on trust (epoch ms; +inf: held, so that it ages for nobody), or 'off'
--     most        how many there may be on trust; left out where it is among them already
--     oldest      the oldest 'since' there may be
-- Output, always with the time here in epoch ms
--   {'done', time, last, unlisted}  written, now or by the same write before; the revision is expected + 1.
--                             Of a run without a record: so far. unlisted: the player's list does not have it
--   {'there', time, value}    another record is there: value is "<revision> <write id> <standing> <text>"
--   {'gone', time}            the record the write was decided on does not exist
--   {'lost', time, why, part} a bucket does not hold the journal the writer knows: emptied, or another's; or
--                             it does not have what the writer wrote last (writes), and is marked so
--   {'signTaken', time}       the sign belongs to another record
--   {'full', time, bound}     no more may be on trust, by this bound: most or maxAge
--   {'noRoom', time}          no record is there, and none may begin: nothing was written
--   {'late', time}            not written, and never will be
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local given = cjson.decode(ARGV[3])
local late = now > given.notAfter
local member = given.member
${lostIn}
local taken = 0
local function take(part, count)
  if not string.find(ARGV[1], part, 1, true) then return nil end
  local from = taken
  taken = taken + count
  return {unpack(KEYS, from + 1, taken)}
end
local R, S, T, F, P = take('r', 6), take('s', 2), take('t', 3), take('f', 3), take('p', 2)

local last = 0
if R then
  local lost
  last, lost = lostIn(R[2], given.epoch, R[3], given.writer, given.lastWrite)
  if lost then return {'lost', now, lost, 'r'} end
end

if S then
  local lost = isAnother(S[1], given.signEpoch)
  if lost then return {'lost', now, lost, 's'} end
  local bound = redis.call('GET', S[2])
  if bound and bound ~= member then return {'signTaken', now} end
  if not late and not given.noRoom then redis.call('SET', S[2], member, 'PX', given.signLifetime) end
end

local function settle(keys)
  if given.trustedSince == 'off' then redis.call('ZREM', keys[2], member) end
  redis.call('ZREM', keys[3], given.operator .. ':' .. member)
end
if T and not late then
  local lost = isAnother(T[1], given.trustEpoch)
  if lost then return {'lost', now, lost, 't'} end
  if given.most and not redis.call('ZSCORE', T[2], member) then
    if redis.call('ZCARD', T[2]) >= given.most then return {'full', now, 'most'} end
    local oldest = redis.call('ZRANGE', T[2], 0, 0, 'WITHSCORES')[2]
    if oldest and tonumber(oldest) <= given.oldest then return {'full', now, 'maxAge'} end
  end
  redis.call('ZADD', T[3], given.notAfter + ${settledAfter}, given.operator .. ':' .. member)
  if given.trustedSince ~= 'off' then redis.call('ZADD', T[2], given.trustedSince, member) end
end
if F then settle(F) end

-- No write may fail for it, so nothing here is an error.
local function list(keys)
  local isOurs = redis.pcall('GET', keys[1]) == given.playerEpoch
  local entry = string.match(member, ':(.*)$')
  if not isOurs or type(redis.pcall('RPUSH', keys[2], entry)) ~= 'number' then return 'unlisted' end
  redis.pcall('PEXPIRE', keys[2], given.signLifetime)
end
if not R then return {'done', now, last, P and list(P)} end

local expected = given.expected
local value = redis.call('GET', R[1])
local standing = '-'
if value then
  -- What the caller answers by must be as safe as a write of its own.
  if given.waits then redis.call('SET', R[1], value, 'KEEPTTL') end
  local revision, writer, counted = string.match(value, '^(%d+) (%S+) (%S+) ')
  if writer == given.writeId then
    if T then settle(T) end
    return {'done', now, last}
  end
  if tonumber(revision) ~= expected then return {'there', now, value} end
  standing = counted
elseif expected ~= 0 then
  return {'gone', now}
end
if late then return {'late', now} end
if given.noRoom and not value then return {'noRoom', now} end

-- First of all what fails where memory is full: then nothing was written.
local mine = math.max(now, last + 1)
if redis.call('HSET', R[3], given.writer, mine) == 1 then
  local all = redis.call('HGETALL', R[3])
  for i = 1, #all, 2 do
    if tonumber(all[i + 1]) < now - ${forgottenAfter} then redis.call('HDEL', R[3], all[i]) end
  end
end

-- The index before the record: should it fail, the record stays as it was, and never is one unfinished and
-- unlisted.
if not given.due then
  redis.call('ZREM', R[4], member)
else
  redis.call('ZADD', R[4], given.due, member)
end
local function count(how, by, add)
  local letters, since, units, decimals = string.match(how, '^([^/]+)/(%d+)/(-?%d+)/(%d+)$')
  if not letters then return end
  local agent, id = string.match(member, '^([^:]*):(.*)$')
  local group = letters .. ':' .. agent
  local age = group .. ':' .. since .. ':' .. id
  if redis.call('HINCRBY', R[5], group, by) <= 0 then redis.call('HDEL', R[5], group) end
  if add then redis.call('ZADD', R[6], 0, age) else redis.call('ZREM', R[6], age) end
  if units ~= '0' then
    local sum = decimals .. '$' .. group
    if not add then units = string.sub(units, 1, 1) == '-' and string.sub(units, 2) or '-' .. units end
    -- A sum that no number of Redis holds is not kept: no write may fail for it.
    if redis.pcall('HINCRBY', R[5], sum, units) == 0 then redis.call('HDEL', R[5], sum) end
  end
end
if standing ~= given.standing then
  count(standing, -1, false)
  count(given.standing, 1, true)
end
local text = (expected + 1) .. ' ' .. given.writeId .. ' ' .. given.standing .. ' ' .. ARGV[2]
if given.lifetime == 0 then
  redis.call('SET', R[1], text)
else
  redis.call('SET', R[1], text, 'PX', given.lifetime)
end
if T then settle(T) end
return {'done', now, mine, P and list(P)}
`);
