-- A token bucket that holds ARGV[1] calls and refills one each ARGV[2] microseconds.
-- KEYS[1] keeps one number: the time, in microseconds of Redis's own clock, at which the bucket
-- would be full again. Nothing is stored for a full bucket, so it expires by itself.
-- Returns {allowed 0 or 1, calls left, microseconds until full, microseconds until one is free}.
local capacity, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local most = now + capacity * refill
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
-- Within the bounds of this bucket also after the clock was set back or the limit was lowered.
full_at = math.min(math.max(full_at, now), most)
local wait = math.max(0, full_at + refill - most)
if wait > 0 then
  return {0, 0, full_at - now, wait}
end
full_at = full_at + refill
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return {1, math.floor((most - full_at) / refill), full_at - now, 0}
