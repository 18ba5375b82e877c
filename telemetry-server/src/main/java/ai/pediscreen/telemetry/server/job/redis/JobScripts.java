package ai.pediscreen.telemetry.server.job.redis;

/**
 * The atomic steps in Redis, in Lua.
 *
 * <p>A message belongs to the consumer that took it last. A state belongs to the attempt that began
 * last: it writes its id to the field {@code run}, and an attempt whose id is no longer there,
 * since another worker took its message over, changes nothing. If the whole hash is gone, as after
 * {@code FLUSHALL}, there is nothing newer to spare.
 *
 * <p>The scripts of a message have {@code KEYS}: stream, hash; {@code ARGV}: group, message's id,
 * consumer, run, life of the hash in milliseconds; then what is their own.
 */
final class JobScripts {

  /** ARGV: id, date, task, life of the hash in milliseconds. */
  static final String SUBMIT =
      """
      redis.call('HSET', KEYS[2], 'status', 'queued', 'date', ARGV[2], 'attempts', 0)
      redis.call('PEXPIRE', KEYS[2], ARGV[4])
      redis.call('XADD', KEYS[1], '*', 'task', ARGV[3], 'date', ARGV[2], 'job_id', ARGV[1])
      return 1
      """;

  /** Returns to the stream what is due. KEYS: stream, later; ARGV: task. */
  static final String RETURN_DUE =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
      for _, member in ipairs(due) do
        local date, id = string.match(member, '^(%S+) (%S+)$')
        redis.call('ZREM', KEYS[2], member)
        if id then
          redis.call('XADD', KEYS[1], '*', 'task', ARGV[1], 'date', date, 'job_id', id)
        end
      end
      return #due
      """;

  private static final String WHOSE =
      """
      local function isMine()
        local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
        return not pending.err and pending[1] and pending[1][2] == ARGV[3]
      end
      local function isLatest()
        return redis.call('EXISTS', KEYS[2]) == 0
            or redis.call('HGET', KEYS[2], 'run') == ARGV[4]
      end
      local function forget()
        if isMine() then
          redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
          redis.call('XDEL', KEYS[1], ARGV[2])
        end
      end
      local function note(...)
        redis.call('HDEL', KEYS[2], 'error', 'aggregates_count')
        redis.call('HSET', KEYS[2], ...)
        redis.call('PEXPIRE', KEYS[2], ARGV[5])
      end
      """;

  /**
   * Begins an attempt; returns its number, or 0 if the message is another's by now. Own ARGV: date.
   */
  static final String BEGIN =
      WHOSE
          + """
          if not isMine() then return 0 end
          local status = redis.call('HGET', KEYS[2], 'status')
          if status == 'succeeded' or status == 'failed' then
            redis.call('HDEL', KEYS[2], 'attempts')
          end
          local attempt = redis.call('HINCRBY', KEYS[2], 'attempts', 1)
          note('status', 'running', 'date', ARGV[6], 'run', ARGV[4])
          return attempt
          """;

  /** Keeps others from taking the message; returns 0 if one has. */
  static final String RENEW =
      WHOSE
          + """
          if not isMine() or not isLatest() then return 0 end
          redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2], 'JUSTID')
          return 1
          """;

  /** Own ARGV: date, attempts, aggregates. */
  static final String SUCCEED =
      WHOSE
          + """
          local latest = isLatest()
          forget()
          if not latest then return 0 end
          note('status', 'succeeded', 'date', ARGV[6], 'attempts', ARGV[7],
              'aggregates_count', ARGV[8], 'run', ARGV[4])
          return 1
          """;

  /** Own KEYS: later; own ARGV: date, attempts, error, job's id, pause in milliseconds. */
  static final String RETRY_LATER =
      WHOSE
          + """
          if not isLatest() then return 0 end
          forget()
          note('status', 'queued', 'date', ARGV[6], 'attempts', ARGV[7], 'error', ARGV[8],
              'run', ARGV[4])
          local time = redis.call('TIME')
          local now = time[1] * 1000 + math.floor(time[2] / 1000)
          redis.call('ZADD', KEYS[3], now + ARGV[10], ARGV[6] .. ' ' .. ARGV[9])
          return 1
          """;

  /** Own KEYS: parked; own ARGV: date, attempts, error, job's id, task, most to keep. */
  static final String PARK =
      WHOSE
          + """
          if not isLatest() then return 0 end
          forget()
          note('status', 'failed', 'date', ARGV[6], 'attempts', ARGV[7], 'error', ARGV[8],
              'run', ARGV[4])
          redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[11], '*', 'task', ARGV[10],
              'date', ARGV[6], 'job_id', ARGV[9], 'error', ARGV[8], 'attempts', ARGV[7],
              'stream_id', ARGV[2])
          return 1
          """;

  /** Lets others take the message at once. */
  static final String RELEASE =
      WHOSE
          + """
          if not isMine() then return 0 end
          redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2],
              'IDLE', 86400000, 'JUSTID')
          return 1
          """;

  /**
   * Removes consumers that have nothing pending and are the one named, or have been silent for
   * long. KEYS: stream; ARGV: group, consumer, milliseconds.
   */
  static final String REMOVE_CONSUMERS =
      """
      local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
      if consumers.err then return 0 end
      local removed = 0
      for _, words in ipairs(consumers) do
        local consumer = {}
        for i = 1, #words, 2 do consumer[words[i]] = words[i + 1] end
        if consumer.pending == 0
            and (consumer.name == ARGV[2] or consumer.idle > tonumber(ARGV[3])) then
          redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
          removed = removed + 1
        end
      end
      return removed
      """;

  private JobScripts() {}
}
