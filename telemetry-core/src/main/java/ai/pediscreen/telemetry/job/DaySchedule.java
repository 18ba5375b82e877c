package ai.pediscreen.telemetry.job;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Queues every day that is due: at start-up the missed ones, from 00:10 UTC on yesterday, and days
 * that late events make due.
 *
 * <p>There is no timer for a time of day. Once a minute the store says what is due and what the
 * time is, so no time zone, clock jump or downtime makes it miss a day.
 */
public final class DaySchedule implements AutoCloseable {

  private static final Logger LOG = System.getLogger(DaySchedule.class.getName());
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** After so long a failed day is queued again, and a lack of workers is logged again. */
  private static final int PERIODS_AN_HOUR = 60;

  /** Workers may start after the server, and be missing briefly while they are replaced. */
  private static final int PERIODS_WITHOUT_WORKER = 3;

  /** How long after midnight senders may deliver the last events of a day. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final DailyAggregateStore store;
  private final JobQueue queue;
  private final Map<LocalDate, Request> requests = new HashMap<>();
  private final ScheduledThreadPoolExecutor scheduler =
      new ScheduledThreadPoolExecutor(1, Daemon.named("telemetry-day-schedule"));
  private long period;

  /** Consecutive periods at whose ends days waited without a worker. */
  private volatile int periodsWithoutWorker;

  /**
   * Does nothing before {@link #start}.
   *
   * @param store knows what is due, and the time
   * @param queue takes the requests
   */
  public DaySchedule(DailyAggregateStore store, JobQueue queue) {
    this.store = store;
    this.queue = queue;
  }

  /** Starts, with what was missed. */
  public void start() {
    ScheduledFuture<?> unused =
        scheduler.scheduleWithFixedDelay(
            this::queueOrLog, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Whether days wait and there is no worker, which the log reports too. The server works
   * otherwise, so this does not affect its readiness.
   */
  public boolean lacksWorker() {
    return periodsWithoutWorker >= PERIODS_WITHOUT_WORKER;
  }

  /** Queues nothing more. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  /** Queues every day that is due and not queued yet. */
  synchronized void queueDue() {
    period++;
    Instant now = store.now();
    LocalDate today = LocalDate.ofInstant(now.minus(GRACE), ZoneOffset.UTC);
    List<LocalDate> due = store.due();
    requests.keySet().retainAll(due);
    for (LocalDate day : due) {
      if (day.isBefore(today) && !isUnderWay(day)) {
        requests.put(day, new Request(queue.submit(day).id(), period));
      }
    }
    watchWorkers();
  }

  /** Logs once an hour that there is no worker: a queue that nobody reads fails silently. */
  private void watchWorkers() {
    boolean lacked = lacksWorker();
    boolean lacking = !requests.isEmpty() && !queue.hasWorker();
    int periods = lacking ? periodsWithoutWorker + 1 : 0;
    periodsWithoutWorker = periods;
    if (periods % PERIODS_AN_HOUR == PERIODS_WITHOUT_WORKER) {
      LOG.log(
          Level.WARNING,
          "%d days wait to be computed, and no worker has reported for %s; start a worker"
              .formatted(requests.size(), PERIOD.multipliedBy(periods - 1L)));
    } else if (lacked && !lacking) {
      LOG.log(Level.INFO, "days are computed again");
    }
  }

  private boolean isUnderWay(LocalDate day) {
    Request request = requests.get(day);
    if (request == null) {
      return false;
    }
    Job.State state = queue.find(request.jobId()).map(Job::state).orElse(Job.State.SUCCEEDED);
    return switch (state) {
      case QUEUED, RUNNING -> true;
      case FAILED -> period - request.period() < PERIODS_AN_HOUR;
      // Done, or lost with the queue, and due all the same.
      case SUCCEEDED -> false;
    };
  }

  private void queueOrLog() {
    try {
      queueDue();
    } catch (StoreUnavailableException | JobQueueUnavailableException e) {
      if (!scheduler.isShutdown()) {
        LOG.log(
            Level.WARNING,
            "jobs for due days cannot be queued; retrying in " + PERIOD + ": " + e.getMessage());
      }
    } catch (RuntimeException | Error e) {
      if (!scheduler.isShutdown()) {
        LOG.log(Level.WARNING, "the due days cannot be read; retrying in " + PERIOD, e);
      }
    }
  }

  private record Request(String jobId, long period) {}
}
