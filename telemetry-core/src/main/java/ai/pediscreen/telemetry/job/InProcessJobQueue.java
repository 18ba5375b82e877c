package ai.pediscreen.telemetry.job;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

/**
 * Jobs of this process, run one after the other in one thread. A failed job is retried after
 * growing pauses, in which others run, and is then parked with its error; one that cannot succeed
 * is parked at once. The state of jobs ends with the process; that of the days does not.
 *
 * <p>A day is not queued twice: a second request gets the same job.
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

  private static final Logger LOG = System.getLogger(InProcessJobQueue.class.getName());
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final DayComputation computation;
  private final List<Duration> pauses;
  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(1, Daemon.named("telemetry-days"));

  /** In the order of the requests. */
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
        if (known.state() == Job.State.QUEUED && day.equals(known.day())) {
          return known;
        }
      }
      forgetOldest();
      jobs.put(job.id(), job);
    }
    worker.execute(() -> run(job.id(), day, 0));
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

  /** This process itself does them. */
  @Override
  public boolean hasWorker() {
    return true;
  }

  /**
   * Accepts no more and drops what is queued. The running job is not awaited: it fails when its
   * store closes.
   */
  public void stop() {
    worker.shutdown();
  }

  /** As {@link #stop}, but waits briefly for the running job. */
  @Override
  public void close() {
    stop();
    try {
      if (!worker.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(
            Level.INFO,
            "a day is still being computed; it will be computed again after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(String id, LocalDate day, int tried) {
    put(new Job(id, day, Job.State.RUNNING, null, null));
    try {
      put(new Job(id, day, Job.State.SUCCEEDED, computation.compute(day), null));
    } catch (RuntimeException | Error e) {
      failed(id, day, tried, e);
    }
  }

  private void failed(String id, LocalDate day, int tried, Throwable thrown) {
    if (worker.isShutdown()) {
      LOG.log(Level.DEBUG, day + " was interrupted by the end of the program", thrown);
      return;
    }
    JobFailure failure = JobFailure.of(thrown);
    if (failure.isFinal() || tried == pauses.size()) {
      ParkedJobs.report(id, day, tried + 1, failure.error(), thrown);
      put(new Job(id, day, Job.State.FAILED, null, failure.error()));
      return;
    }
    Duration pause = pauses.get(tried);
    LOG.log(Level.WARNING, day + " could not be computed; retrying in " + pause, thrown);
    put(new Job(id, day, Job.State.QUEUED, null, null));
    ScheduledFuture<?> unused =
        worker.schedule(() -> run(id, day, tried + 1), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void put(Job job) {
    synchronized (jobs) {
      jobs.put(job.id(), job);
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
