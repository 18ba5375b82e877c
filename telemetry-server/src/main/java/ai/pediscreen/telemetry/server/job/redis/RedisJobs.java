package ai.pediscreen.telemetry.server.job.redis;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * The jobs as Redis holds them; see the package for the keys. Connects at the first use, and again
 * after an outage of Redis. Every method throws {@link
 * redis.clients.jedis.exceptions.JedisException} if Redis fails, or does not answer within two
 * seconds and the time that a read may block. Thread-safe.
 */
final class RedisJobs implements AutoCloseable {

  static final String STREAM = "telemetry:jobs";
  static final String LATER = "telemetry:jobs:later";
  static final String PARKED = "telemetry:jobs:parked";
  static final String WORKER = "telemetry:jobs:worker";
  static final String GROUP = "workers";

  private static final String VERSION = "redis_version:";
  private static final Duration STATE_LIFE = Duration.ofDays(7);
  private static final Duration CONSUMER_LIFE = Duration.ofDays(1);
  private static final Duration WORKER_LIFE = Duration.ofMinutes(2);
  private static final int PARKED_LIMIT = 1_000;

  private final RedisClient redis;

  /** Jobs in that Redis; a read blocks no longer than {@code longestBlock}. */
  RedisJobs(RedisUrl url, Duration longestBlock) {
    this.redis = RedisClients.of(url, longestBlock);
  }

  static String hash(String jobId) {
    return "telemetry:job:" + jobId;
  }

  void submit(String jobId, LocalDate day) {
    redis.eval(
        JobScripts.SUBMIT,
        List.of(STREAM, hash(jobId)),
        List.of(jobId, day.toString(), JobMessage.TASK, millis(STATE_LIFE)));
  }

  /** The fields of a job's state; empty if there is none. */
  Map<String, String> state(String jobId) {
    return redis.hgetAll(hash(jobId));
  }

  /** A message that is in the stream, taken or not. */
  Optional<JobMessage> message(String streamId) {
    return redis.xrange(STREAM, streamId, streamId).stream().findFirst().map(RedisJobs::read);
  }

  /** Writes the worker's heartbeat, which expires. */
  void announceWorker(String consumer) {
    redis.set(WORKER, consumer, SetParams.setParams().px(WORKER_LIFE.toMillis()));
  }

  /** Whether there is a recent heartbeat of a worker. */
  boolean hasWorker() {
    return redis.exists(WORKER);
  }

  /** What Redis holds of jobs, and who does them. */
  RedisReport report() {
    return new RedisReport(
        version(), hasWorker(), redis.xlen(STREAM), redis.zcard(LATER), redis.xlen(PARKED));
  }

  private @Nullable String version() {
    try {
      return redis
          .info("server")
          .lines()
          .filter(line -> line.startsWith(VERSION))
          .map(line -> line.substring(VERSION.length()).strip())
          .findFirst()
          .orElse(null);
    } catch (JedisDataException e) {
      // INFO is often not permitted.
      return null;
    }
  }

  /** Creates the stream and its group, from its first message on, unless they are there. */
  void createGroup() {
    try {
      redis.xgroupCreate(STREAM, GROUP, new StreamEntryID(0, 0), true);
    } catch (JedisDataException e) {
      if (!startsWith(e, "BUSYGROUP")) {
        throw e;
      }
    }
  }

  /** Whether Redis says that the group, or the stream that was read, is not there. */
  static boolean isGroupMissing(RuntimeException e) {
    return e instanceof JedisDataException
        && (startsWith(e, "NOGROUP") || startsWith(e, "UNBLOCKED"));
  }

  /** Puts back into the stream the retries that are due. */
  void returnDue() {
    redis.eval(JobScripts.RETURN_DUE, List.of(STREAM, LATER), List.of(JobMessage.TASK));
  }

  /** Takes a message whose worker has not renewed its claim for so long. */
  Optional<JobMessage> takeAbandoned(String consumer, Duration minIdle) {
    StreamEntryID cursor = new StreamEntryID(0, 0);
    do {
      Map.Entry<StreamEntryID, List<StreamEntryID>> scanned =
          redis.xautoclaimJustId(
              STREAM,
              GROUP,
              consumer,
              minIdle.toMillis(),
              cursor,
              XAutoClaimParams.xAutoClaimParams().count(1));
      for (StreamEntryID id : scanned.getValue()) {
        Optional<JobMessage> message = message(id.toString());
        if (message.isPresent()) {
          return message;
        }
        // It was deleted while it was pending; no worker will ever acknowledge it.
        redis.xack(STREAM, GROUP, id);
      }
      cursor = scanned.getKey();
    } while (cursor.getTime() != 0 || cursor.getSequence() != 0);
    return Optional.empty();
  }

  /** Takes the next message that no worker has taken; waits for it. */
  Optional<JobMessage> takeNext(String consumer, Duration block) {
    @Nullable List<Map.Entry<String, List<StreamEntry>>> streams =
        redis.xreadGroup(
            GROUP,
            consumer,
            XReadGroupParams.xReadGroupParams().count(1).block(Math.toIntExact(block.toMillis())),
            Map.of(STREAM, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
    if (streams == null) {
      return Optional.empty();
    }
    return streams.stream()
        .flatMap(stream -> stream.getValue().stream())
        .findFirst()
        .map(RedisJobs::read);
  }

  /** Begins an attempt; answers which one it is, 1 or more, or 0 if another took the message. */
  int begin(Claim claim) {
    return Math.toIntExact(eval(JobScripts.BEGIN, claim, List.of(), claim.message().date()));
  }

  /** Keeps the message for another while; false if another worker has it. */
  boolean renew(Claim claim) {
    return eval(JobScripts.RENEW, claim, List.of()) == 1;
  }

  /** Gives the message to the next worker that asks. */
  void release(Claim claim) {
    eval(JobScripts.RELEASE, claim, List.of());
  }

  /** Ends a job; false if another attempt has begun, whose state stays as it is. */
  boolean succeed(Claim claim, int attempt, int aggregates) {
    return eval(
            JobScripts.SUCCEED,
            claim,
            List.of(),
            claim.message().date(),
            Integer.toString(attempt),
            Integer.toString(aggregates))
        == 1;
  }

  /** Takes the job out of the stream for a while; false if another attempt has begun. */
  boolean retryLater(Claim claim, int attempt, String error, Duration pause) {
    return eval(
            JobScripts.RETRY_LATER,
            claim,
            List.of(LATER),
            claim.message().date(),
            Integer.toString(attempt),
            error,
            claim.message().jobId(),
            millis(pause))
        == 1;
  }

  /** Parks a job; false if another attempt has begun. */
  boolean park(Claim claim, int attempt, String error) {
    return eval(
            JobScripts.PARK,
            claim,
            List.of(PARKED),
            claim.message().date(),
            Integer.toString(attempt),
            error,
            claim.message().jobId(),
            claim.message().task(),
            Integer.toString(PARKED_LIMIT))
        == 1;
  }

  /** How many jobs were given up. */
  long parked() {
    return redis.xlen(PARKED);
  }

  /** Removes the consumer, and those that were silent for a day, if they hold nothing. */
  void removeConsumers(String consumer) {
    redis.eval(
        JobScripts.REMOVE_CONSUMERS,
        List.of(STREAM),
        List.of(GROUP, consumer, millis(CONSUMER_LIFE)));
  }

  @Override
  public void close() {
    redis.close();
  }

  private long eval(String script, Claim claim, List<String> ownKeys, String... own) {
    List<String> keys = new ArrayList<>(List.of(STREAM, hash(claim.message().jobId())));
    keys.addAll(ownKeys);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                GROUP,
                claim.message().streamId(),
                claim.consumer(),
                claim.run(),
                millis(STATE_LIFE)));
    arguments.addAll(List.of(own));
    return (Long) redis.eval(script, keys, arguments);
  }

  private static JobMessage read(StreamEntry entry) {
    return JobMessage.of(entry.getID().toString(), entry.getFields());
  }

  private static boolean startsWith(RuntimeException e, String word) {
    return e.getMessage() != null && e.getMessage().startsWith(word);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
