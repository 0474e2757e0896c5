"""What Redis does in one go, so that no reader and no other writer comes in between (Lua).

Every entry has a mark: the millisecond by Redis's clock at which it was read from Stripe. Older
news never takes the place of newer, and a mark without an entry keeps a student who was struck
out from being brought back by it.
"""

_CLOCK = """
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local function is_older(marks, id, moment)
  local mark = redis.call('ZSCORE', marks, id)
  return mark and tonumber(mark) > tonumber(moment)
end
local function place(key, score, id)
  if score == '' then redis.call('ZREM', key, id) else redis.call('ZADD', key, score, id) end
end
"""

_WORDS = """
local function strike_words(words, words_of, id)
  for word in string.gmatch(redis.call('HGET', words_of, id) or '', '%S+') do
    redis.call('ZREM', words, word .. '\\0' .. id)
  end
  redis.call('HDEL', words_of, id)
end
"""

PUT_STUDENTS = f"""{_CLOCK}{_WORDS}
-- KEYS: students, marks, lessons, words, words of each. ARGV: when they were read, or '' for now,
-- then for each student the id, the entry, the moment of the lesson or '', and the words.
local students, marks, lessons, words, words_of = unpack(KEYS)
local read_at = ARGV[1] == '' and now or ARGV[1]
for i = 2, #ARGV, 4 do
  local id, entry, lesson, found_by = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if not is_older(marks, id, read_at) then
    redis.call('ZADD', marks, read_at, id)
    redis.call('HSET', students, id, entry)
    place(lessons, lesson, id)
    if redis.call('HGET', words_of, id) ~= found_by then
      strike_words(words, words_of, id)
      redis.call('HSET', words_of, id, found_by)
      for word in string.gmatch(found_by, '%S+') do
        redis.call('ZADD', words, 0, word .. '\\0' .. id)
      end
    end
  end
end
"""

STRIKE_STUDENTS = f"""{_CLOCK}{_WORDS}
-- KEYS: as for PUT_STUDENTS. ARGV: only what was read before this moment, or '' for everything,
-- which leaves a mark behind; then ids. Answers with how many entries are gone.
local students, marks, lessons, words, words_of = unpack(KEYS)
local before, struck = ARGV[1], 0
for i = 2, #ARGV do
  local id = ARGV[i]
  if before == '' or not is_older(marks, id, before - 1) then
    struck = struck + redis.call('HDEL', students, id)
    redis.call('ZREM', lessons, id)
    strike_words(words, words_of, id)
    place(marks, before == '' and now or '', id)
  end
end
return struck
"""

PUT_PAYMENTS = f"""{_CLOCK}
-- KEYS: payments, marks, holds, failed, troubled, over, ids of deleted students. ARGV: when they
-- were read, or '' for now, and whether those of deleted students are put as well, or ''; then for
-- each payment the id, the entry, its student, the key of that student's payments, when it was
-- made, and its scores in holds, failed, troubled and over, or ''. Answers with the ids left out.
local payments, marks, deleted = KEYS[1], KEYS[2], KEYS[7]
local read_at = ARGV[1] == '' and now or ARGV[1]
local left_out = {{}}
for i = 3, #ARGV, 9 do
  local id = ARGV[i]
  if ARGV[2] == '' and redis.call('SISMEMBER', deleted, ARGV[i + 2]) == 1 then
    left_out[#left_out + 1] = id
  elseif not is_older(marks, id, read_at) then
    redis.call('ZADD', marks, read_at, id)
    redis.call('HSET', payments, id, ARGV[i + 1])
    redis.call('ZADD', ARGV[i + 3], ARGV[i + 4], id)
    for n = 3, 6 do place(KEYS[n], ARGV[i + n + 2], id) end
  end
end
return left_out
"""

STRIKE_PAYMENTS = f"""{_CLOCK}
-- KEYS: as for PUT_PAYMENTS. ARGV: only what was read before this moment, then for each payment
-- the id and the key of its student's payments. Answers with how many entries are gone.
local struck = 0
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  if not is_older(KEYS[2], id, ARGV[1] - 1) then
    struck = struck + redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', ARGV[i + 1], id)
    for n = 2, 6 do redis.call('ZREM', KEYS[n], id) end
  end
end
return struck
"""

ENTRIES = """
-- KEYS: students or payments. ARGV: ids. Answers with those entries that are there, each on a line
-- of its own: one long answer is read ten times as fast as many short ones.
local found = {}
for _, id in ipairs(ARGV) do
  local entry = redis.call('HGET', KEYS[1], id)
  if entry then found[#found + 1] = entry end
end
return table.concat(found, '\\n')
"""

NEWEST_OF = """
-- KEYS: payments. ARGV: how many of each at most, then keys of students' payments. Answers with
-- the entries of their newest payments, one student after the other, each on a line of its own.
local found = {}
for i = 2, #ARGV do
  for _, id in ipairs(redis.call('ZREVRANGE', ARGV[i], 0, ARGV[1] - 1)) do
    local entry = redis.call('HGET', KEYS[1], id)
    if entry then found[#found + 1] = entry end
  end
end
return table.concat(found, '\\n')
"""

FIND = """
-- KEYS: words, words of each. ARGV: how many ids at most, then the beginnings of words, all of
-- which must match. Goes through the students of the rarest one.
local words, words_of, most = KEYS[1], KEYS[2], tonumber(ARGV[1])
local rarest, fewest
for i = 2, #ARGV do
  local count = redis.call('ZLEXCOUNT', words, '[' .. ARGV[i], '[' .. ARGV[i] .. '\\255')
  if not fewest or count < fewest then rarest, fewest = ARGV[i], count end
end
local found, seen, at = {}, {}, 0
while at < fewest and #found < most do
  local some = redis.call(
    'ZRANGEBYLEX', words, '[' .. rarest, '[' .. rarest .. '\\255', 'LIMIT', at, 500)
  for _, member in ipairs(some) do
    local id = string.match(member, '%z(.*)$')
    if #found < most and not seen[id] then
      seen[id] = true
      local has, all = ' ' .. (redis.call('HGET', words_of, id) or ''), true
      for i = 2, #ARGV do all = all and string.find(has, ' ' .. ARGV[i], 1, true) end
      if all then found[#found + 1] = id end
    end
  end
  at = at + 500
end
return found
"""
