package ai.pediscreen.telemetry.server.job.redis;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.job.JobQueueUnavailableException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Puts requests into the Redis Stream, where any {@link RedisJobWorker} takes them. It may be
 * constructed while Redis is unavailable. Thread-safe.
 *
 * <p>{@link #submit} and {@link #find} throw {@link JobQueueUnavailableException} if Redis does not
 * answer within a few seconds, or refuses.
 */
public final class RedisJobQueue implements JobQueue {

  private static final Pattern STREAM_ID = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

  private final RedisUrl url;
  private final RedisJobs redis;

  public RedisJobQueue(RedisUrl url) {
    this.url = requireNonNull(url, "url");
    this.redis = new RedisJobs(url, Duration.ZERO);
  }

  @Override
  public Job submit(LocalDate day) {
    requireNonNull(day, "day");
    String id = UUID.randomUUID().toString();
    return asked(
        () -> {
          redis.submit(id, day);
          return new Job(id, day, Job.State.QUEUED, null, null);
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>A message of another program is known by its stream id, or by the {@code job_id} that it
   * bore as soon as a worker has taken it.
   */
  @Override
  public Optional<Job> find(String jobId) {
    if (!JobMessage.isJobId(jobId)) {
      return Optional.empty();
    }
    return asked(
        () -> {
          Map<String, String> state = redis.state(jobId);
          return state.isEmpty() ? waiting(jobId) : Optional.ofNullable(job(jobId, state));
        });
  }

  @Override
  public long parked() {
    return asked(redis::parked);
  }

  @Override
  public boolean hasWorker() {
    return asked(redis::hasWorker);
  }

  /** What Redis holds of jobs, and who does them; changes nothing. */
  public RedisReport report() {
    return asked(redis::report);
  }

  /** Lets the connections go. What is in the stream stays there for the workers. */
  @Override
  public void close() {
    redis.close();
  }

  /** A message that another program put there and no worker has taken yet. */
  private Optional<Job> waiting(String jobId) {
    if (!STREAM_ID.matcher(jobId).matches()) {
      return Optional.empty();
    }
    return redis
        .message(jobId)
        .filter(message -> message.jobId().equals(jobId))
        .map(message -> new Job(jobId, message.day(), Job.State.QUEUED, null, null));
  }

  /** The job; null if another program wrote something there that is none. */
  private static @Nullable Job job(String id, Map<String, String> state) {
    try {
      LocalDate day = JobMessage.day(state.getOrDefault("date", ""));
      return switch (state.getOrDefault("status", "")) {
        case "queued" -> new Job(id, day, Job.State.QUEUED, null, null);
        case "running" -> new Job(id, day, Job.State.RUNNING, null, null);
        case "succeeded" ->
            day == null
                ? null
                : new Job(
                    id,
                    day,
                    Job.State.SUCCEEDED,
                    Integer.valueOf(state.getOrDefault("aggregates_count", "")),
                    null);
        case "failed" -> new Job(id, day, Job.State.FAILED, null, state.get("error"));
        default -> null;
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (JedisException e) {
      throw new JobQueueUnavailableException("Redis at " + url + " does not answer", e);
    }
  }
}
