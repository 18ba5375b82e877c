package ai.pediscreen.telemetry.server.job.redis;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.job.DayComputation;
import ai.pediscreen.telemetry.job.JobFailure;
import ai.pediscreen.telemetry.job.ParkedJobs;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Takes requests from the Redis Stream, one at a time, and has the days computed. Any number of
 * workers share the stream. A message is processed at least once: while a worker computes, it
 * renews its claim; if it dies or is stopped for longer than its claim lasts, another processes the
 * message again, and the result of the first is ignored.
 *
 * <p>A computation that throws is retried with an exponential backoff, then parked; one that cannot
 * succeed, or an invalid message, is parked at once. While Redis is unavailable, the worker retries
 * with an exponential backoff, without limit.
 *
 * <p>Thread-safe. Runs once: in a thread of its own after {@link #start}, or in the caller's in
 * {@link #run}.
 */
public final class RedisJobWorker implements Runnable, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisJobWorker.class);
  private static final Duration INTERRUPTED_LIMIT = Duration.ofSeconds(1);

  private final RedisUrl url;
  private final DayComputation days;
  private final String consumer;
  private final RedisWorkerSettings settings;
  private final RedisJobs redis;

  private final ClaimRenewal claims;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final RedisOutage outage;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean abandoned;
  private volatile @Nullable Thread runner;

  /**
   * A worker that does not run yet. Redis may be unavailable.
   *
   * @param consumer its name in the consumer group, 1 to 200 characters, which no other worker has;
   *     see {@link #newConsumerName}
   */
  public RedisJobWorker(
      RedisUrl url, DayComputation days, String consumer, RedisWorkerSettings settings) {
    this.url = requireNonNull(url, "url");
    this.days = requireNonNull(days, "days");
    this.settings = requireNonNull(settings, "settings");
    if (consumer.isBlank() || consumer.length() > 200) {
      throw new IllegalArgumentException(
          "consumer must have 1 to 200 characters: " + consumer.length());
    }
    this.consumer = consumer;
    this.redis = new RedisJobs(url, settings.block());
    this.claims = new ClaimRenewal(redis, consumer, settings.minIdle());
    this.outage = new RedisOutage(url, settings.reconnects(), closing);
  }

  /** A name that no other worker has, made of host, process and chance. */
  public static String newConsumerName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "worker";
    }
    return host.substring(0, Math.min(host.length(), 100))
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  /**
   * Runs in a thread of its own.
   *
   * @throws IllegalStateException if it ran before
   */
  public void start() {
    requireFirst();
    new Thread(this::work, "redis-jobs").start();
  }

  /**
   * Runs until it is closed.
   *
   * @throws IllegalStateException if it ran before
   */
  @Override
  public void run() {
    requireFirst();
    work();
  }

  /**
   * Takes no more messages and waits for the running job, no longer than the settings' limit plus
   * about three seconds. A job that takes longer is interrupted and left to another worker.
   */
  @Override
  public void close() {
    closing.countDown();
    if (started.compareAndSet(false, true)) {
      ended.countDown();
    }
    try {
      Duration limit =
          settings.closeLimit().plus(claims.current() == null ? settings.block() : Duration.ZERO);
      if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        leaveJob();
        if (!ended.await(INTERRUPTED_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("a job is still running; another worker will run it again");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      leaveJob();
    }
    claims.close();
    redis.close();
  }

  private void requireFirst() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("a worker runs only once");
    }
  }

  private void work() {
    runner = Thread.currentThread();
    try {
      claims.start();
      quietly(() -> redis.removeConsumers(""));
      LOG.info("{} takes jobs from Redis at {}", consumer, url);
      while (!isClosing()) {
        takeOne();
      }
      quietly(() -> redis.removeConsumers(consumer));
    } finally {
      ended.countDown();
    }
  }

  /** One round: a message if there is one. Whatever fails, the next round comes. */
  private void takeOne() {
    try {
      redis.returnDue();
      Optional<JobMessage> message = redis.takeAbandoned(consumer, settings.minIdle());
      if (message.isEmpty()) {
        message = redis.takeNext(consumer, settings.block());
      }
      outage.end();
      message.ifPresent(this::handle);
    } catch (RuntimeException e) {
      if (!RedisJobs.isGroupMissing(e) || !createdGroup()) {
        outage.after(e);
      }
    }
  }

  private boolean createdGroup() {
    try {
      redis.createGroup();
      return true;
    } catch (JedisException e) {
      return false;
    }
  }

  private void handle(JobMessage message) {
    Claim claim = new Claim(message, consumer, UUID.randomUUID().toString());
    if (isClosing()) {
      redis.release(claim);
      return;
    }
    int attempt = redis.begin(claim);
    if (attempt == 0) {
      return;
    }
    claims.hold(claim);
    try {
      attempt(claim, attempt);
    } finally {
      claims.release();
    }
  }

  private void attempt(Claim claim, int attempt) {
    JobMessage message = claim.message();
    if (message.day() == null) {
      String fault = String.valueOf(message.fault());
      park(claim, attempt, fault, null);
      return;
    }
    if (attempt > settings.maxAttempts()) {
      String error = "none of its %d attempts finished".formatted(attempt - 1);
      park(claim, attempt - 1, error, null);
      return;
    }
    int aggregates;
    try {
      aggregates = days.compute(message.day());
    } catch (RuntimeException | Error e) {
      failed(claim, attempt, e);
      return;
    }
    LOG.info("job {} for {}: {} aggregates", message.jobId(), message.day(), aggregates);
    settle(claim, () -> redis.succeed(claim, attempt, aggregates));
  }

  private void failed(Claim claim, int attempt, Throwable thrown) {
    JobMessage message = claim.message();
    if (abandoned) {
      LOG.info("job {} is left to another worker", message.jobId());
      quietly(() -> redis.release(claim));
      return;
    }
    JobFailure failure = JobFailure.of(thrown);
    if (failure.isFinal() || attempt >= settings.maxAttempts()) {
      park(claim, attempt, failure.error(), thrown);
      return;
    }
    Duration pause = settings.retries().after(attempt);
    LOG.warn("job {} for {} failed; retrying in {}", message.jobId(), message.day(), pause, thrown);
    settle(claim, () -> redis.retryLater(claim, attempt, failure.error(), pause));
  }

  private void park(Claim claim, int attempts, String error, @Nullable Throwable thrown) {
    if (settle(claim, () -> redis.park(claim, attempts, error))) {
      JobMessage message = claim.message();
      ParkedJobs.report(message.jobId(), message.day(), attempts, error, thrown);
    }
  }

  /**
   * Writes the outcome of an attempt, however long Redis is unavailable; false if it is not
   * written.
   */
  private boolean settle(Claim claim, BooleanSupplier write) {
    while (true) {
      try {
        boolean written = write.getAsBoolean();
        if (!written) {
          LOG.warn(
              "job {} was taken over by another worker; its state is not changed",
              claim.message().jobId());
        }
        outage.end();
        return written;
      } catch (JedisException e) {
        if (isClosing()) {
          LOG.warn(
              "the end of job {} was not recorded; it will run again", claim.message().jobId());
          return false;
        }
        outage.after(e);
      }
    }
  }

  private void leaveJob() {
    abandoned = true;
    Claim claim = claims.current();
    if (claim != null) {
      quietly(() -> redis.release(claim));
    }
    Thread thread = runner;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Cleanup whose failure is made up for the next time. */
  private static void quietly(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.debug("cleaning up failed; it is done the next time", e);
    }
  }
}
