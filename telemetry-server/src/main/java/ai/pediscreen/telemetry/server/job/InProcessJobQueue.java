package ai.pediscreen.telemetry.server.job;

import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of this process, done one after the other in one thread. A job that fails is tried again
 * after growing pauses, in which others are done, and then stays failed with its error. What is
 * known of jobs ends with the process; the days that they were for do not.
 *
 * <p>A day that waits already is not queued twice: whoever asks for it hears of the same job.
 */
public final class InProcessJobQueue implements JobQueue {

  /** Before the second, third, … try. */
  public static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5));

  /** How many jobs that are done are remembered. */
  static final int REMEMBERED = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(InProcessJobQueue.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final DayComputation computation;
  private final List<Duration> pauses;
  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "days"));

  /** In the order in which they were asked for. */
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  /**
   * @param computation computes a day
   * @param pauses before the second, third, … try; none for a single try
   */
  public InProcessJobQueue(DayComputation computation, List<Duration> pauses) {
    this.computation = computation;
    this.pauses = List.copyOf(pauses);
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Job submit(LocalDate day) {
    Job job = new Job(UUID.randomUUID().toString(), day, Job.State.QUEUED, null, null);
    synchronized (jobs) {
      for (Job known : jobs.values()) {
        if (known.state() == Job.State.QUEUED && known.day().equals(day)) {
          return known;
        }
      }
      forgetOldest();
      jobs.put(job.id(), job);
    }
    worker.execute(() -> run(job, 0));
    return job;
  }

  @Override
  public Optional<Job> find(String jobId) {
    synchronized (jobs) {
      return Optional.ofNullable(jobs.get(jobId));
    }
  }

  /** {@inheritDoc} A day that was asked for again since is not given up. */
  @Override
  public long parked() {
    Map<LocalDate, Job.State> newest = new HashMap<>();
    synchronized (jobs) {
      jobs.values().forEach(job -> newest.put(job.day(), job.state()));
    }
    return newest.values().stream().filter(state -> state == Job.State.FAILED).count();
  }

  /** Waits a little for the job under way; what waits is dropped. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("a day is still being computed and will be computed anew at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Job job, int tried) {
    put(job, Job.State.RUNNING, null, null);
    try {
      put(job, Job.State.SUCCEEDED, computation.compute(job.day()), null);
    } catch (RuntimeException | Error e) {
      failed(job, tried, e);
    }
  }

  private void failed(Job job, int tried, Throwable failure) {
    if (tried == pauses.size()) {
      LOG.error("{} was not computed, after {} tries", job.day(), tried + 1, failure);
      put(job, Job.State.FAILED, null, explain(failure));
      return;
    }
    Duration pause = pauses.get(tried);
    LOG.warn("{} was not computed and is tried again in {}", job.day(), pause, failure);
    put(job, Job.State.QUEUED, null, null);
    if (!worker.isShutdown()) {
      ScheduledFuture<?> unused =
          worker.schedule(() -> run(job, tried + 1), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Only messages that are known to quote nothing. */
  private static String explain(Throwable failure) {
    return failure instanceof StoreUnavailableException || failure instanceof DayNotOverException
        ? String.valueOf(failure.getMessage())
        : "it failed unexpectedly (" + failure.getClass().getSimpleName() + "), see the log";
  }

  private void put(Job job, Job.State state, @Nullable Integer aggregates, @Nullable String error) {
    synchronized (jobs) {
      jobs.put(job.id(), new Job(job.id(), job.day(), state, aggregates, error));
    }
  }

  private void forgetOldest() {
    Iterator<Job> oldest = jobs.values().iterator();
    while (jobs.size() >= REMEMBERED && oldest.hasNext()) {
      Job.State state = oldest.next().state();
      if (state == Job.State.SUCCEEDED || state == Job.State.FAILED) {
        oldest.remove();
      }
    }
  }
}
