// The one write there is, in one step: a record, the index entry that lists it while it is unfinished, its
// place among what its operator has on trust, and the sign that belongs to it. All policy is elsewhere. The
// script only refuses a write that was decided on something that is no longer so (another revision, or
// another journal altogether), and one more on trust than there may be.

import { createHash } from 'node:crypto';

// The epoch, the sign and what is on trust live in other slots than the record: the script is for one Redis
// with its replicas, not for a Cluster.
export const putScript = `
-- Input
--   KEYS[1] the record     KEYS[2] the due index of its bucket     KEYS[3] the epoch
--   KEYS[4] what its operator has on trust     KEYS[5] the sign, if one is to be bound
--   ARGV[1] the revision the write was decided on; 0: no record may exist
--   ARGV[2] write id: the same one again is the same write again
--   ARGV[3] not-after, epoch ms: later than this, by the clock here, nothing is written
--   ARGV[4] the record's text
--   ARGV[5] its member of the due index
--   ARGV[6] when to look at it (epoch ms, +inf), or '' to list it no more
--   ARGV[7] ms the record lives from now on, or 0 for ever
--   ARGV[8] ms the sign stays bound
--   ARGV[9] the epoch the writer remembers
--   ARGV[10] 1: a WAIT follows, which vouches only for what was written here
--   ARGV[11] since when it is on trust (epoch ms; +inf: held, so that it ages for nobody), 'off', or ''
--     where that does not change
--   ARGV[12] how many there may be on trust, or '' where it is among them already
--   ARGV[13] the oldest 'since' there may be
-- Output, always with the time here in epoch ms
--   {'done', time}            written, now or by the same write before; the revision is ARGV[1] + 1
--   {'there', time, value}    another record is there: value is "<revision> <write id> <text>"
--   {'gone', time}            the record the write was decided on does not exist
--   {'lost', time}            this Redis does not hold the journal the writer knows: emptied, or another's
--   {'signTaken', time}       the sign belongs to another record
--   {'full', time, bound}     no more may be on trust, by this bound: most or maxAge
--   {'late', time}            not written, and never will be
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local expected = tonumber(ARGV[1])

if redis.call('GET', KEYS[3]) ~= ARGV[9] then return {'lost', now} end

local bound = KEYS[5] and redis.call('GET', KEYS[5])
if bound and bound ~= KEYS[1] then return {'signTaken', now} end

local late = now > tonumber(ARGV[3])
local function bind()
  if KEYS[5] and not late then redis.call('SET', KEYS[5], KEYS[1], 'PX', ARGV[8]) end
end

local value = redis.call('GET', KEYS[1])
if value then
  -- What the caller answers by must be as safe as a write of its own.
  if ARGV[10] == '1' then redis.call('SET', KEYS[1], value, 'KEEPTTL') end
  local revision, writer = string.match(value, '^(%d+) (%S+) ')
  if writer == ARGV[2] then return {'done', now} end
  if tonumber(revision) ~= expected then
    bind()
    return {'there', now, value}
  end
elseif expected ~= 0 then
  return {'gone', now}
end
if late then return {'late', now} end

if ARGV[12] ~= '' and not redis.call('ZSCORE', KEYS[4], ARGV[5]) then
  if redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[12]) then return {'full', now, 'most'} end
  local oldest = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2]
  if oldest and tonumber(oldest) <= tonumber(ARGV[13]) then return {'full', now, 'maxAge'} end
end

-- The index first: should it fail, the record stays as it was, and never is one unfinished and unlisted.
if ARGV[6] == '' then
  redis.call('ZREM', KEYS[2], ARGV[5])
else
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
end
if ARGV[11] == 'off' then
  redis.call('ZREM', KEYS[4], ARGV[5])
elseif ARGV[11] ~= '' then
  redis.call('ZADD', KEYS[4], ARGV[11], ARGV[5])
end
bind()
local text = (expected + 1) .. ' ' .. ARGV[2] .. ' ' .. ARGV[4]
if ARGV[7] == '0' then
  redis.call('SET', KEYS[1], text)
else
  redis.call('SET', KEYS[1], text, 'PX', ARGV[7])
end
return {'done', now}
`;

/** What Redis calls the script once it knows it. */
export const putScriptSha = createHash('sha1').update(putScript).digest('hex');
