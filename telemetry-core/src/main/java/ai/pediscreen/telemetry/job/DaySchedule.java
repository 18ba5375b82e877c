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
 * Asks for every day that is due: at start-up those that were missed, from 00:10 UTC on yesterday,
 * and whatever events that come late make due.
 *
 * <p>No alarm is set for a time of day. Once a minute the store is asked what is due and what the
 * time is, so neither a time zone, nor a clock that jumps, nor a night in which nothing ran can
 * make it miss a day.
 */
public final class DaySchedule implements AutoCloseable {

  private static final Logger LOG = System.getLogger(DaySchedule.class.getName());
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** After so long a day that failed is asked for again, and what is amiss is said again. */
  private static final int PERIODS_AN_HOUR = 60;

  /** Workers may start after the server, and be away a little when they are replaced. */
  private static final int PERIODS_WITHOUT_WORKER = 3;

  /** What senders have, after midnight, to get the last events of a day in. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final DailyAggregateStore store;
  private final JobQueue queue;
  private final Map<LocalDate, Request> requests = new HashMap<>();
  private final ScheduledThreadPoolExecutor scheduler =
      new ScheduledThreadPoolExecutor(1, Daemon.named("telemetry-day-schedule"));
  private long period;

  /** In a row, at whose ends days waited. */
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

  /** Begins, with what was missed. */
  public void start() {
    ScheduledFuture<?> unused =
        scheduler.scheduleWithFixedDelay(
            this::askOrLog, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Whether days wait and nobody does them, which the log says too. The server is of full use
   * otherwise, so this is no reason to send it no requests.
   */
  public boolean lacksWorker() {
    return periodsWithoutWorker >= PERIODS_WITHOUT_WORKER;
  }

  /** Asks for nothing more. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  /** Asks for every day that is due and not asked for yet. */
  synchronized void ask() {
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

  /** Says once an hour that nobody does the jobs: a queue that nobody reads fails in silence. */
  private void watchWorkers() {
    boolean lacked = lacksWorker();
    boolean lacking = !requests.isEmpty() && !queue.hasWorker();
    int periods = lacking ? periodsWithoutWorker + 1 : 0;
    periodsWithoutWorker = periods;
    if (periods % PERIODS_AN_HOUR == PERIODS_WITHOUT_WORKER) {
      LOG.log(
          Level.WARNING,
          "no worker was heard of for %s, and days wait to be computed: %d; start one"
              .formatted(PERIOD.multipliedBy(periods - 1L), requests.size()));
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

  private void askOrLog() {
    try {
      ask();
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
