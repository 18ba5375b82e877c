package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What has to be done beside recording: maintenance soon after the start and once an hour, days
 * that are over once a minute, and word of dropped events once a second.
 */
final class Upkeep {

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");
  private static final int SECONDS_TO_FIRST = 1;
  private static final int MINUTES_AN_HOUR = 60;

  /** What senders have, after midnight, to get the last events of a day in. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  private static final long LISTENERS_AT_END_MILLIS = 500;

  private final TelemetryStore store;
  private final Drops drops;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread teller;

  Upkeep(TelemetryStore store, Drops drops) {
    this.store = store;
    this.drops = drops;
    this.teller = Daemon.start("telemetry-drops", this::tell);
    Daemon.start("telemetry-upkeep", this::keepUp);
  }

  /** Begins nothing more, and tells what is left to tell. */
  void end() {
    ended.countDown();
    drops.tellLog(true);
    try {
      teller.join(LISTENERS_AT_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell() {
    boolean last;
    do {
      last = isEndWithin(Duration.ofSeconds(1));
      drops.tellLog(false);
      drops.tellListeners();
    } while (!last);
  }

  private void keepUp() {
    boolean end = isEndWithin(Duration.ofSeconds(SECONDS_TO_FIRST));
    for (long minute = 0; !end; minute++) {
      if (minute % MINUTES_AN_HOUR == 0) {
        run("maintenance of telemetry", store::maintain);
      }
      run("days of telemetry", this::computeDays);
      end = isEndWithin(Duration.ofMinutes(1));
    }
  }

  private void computeDays() {
    DailyAggregateStore days = store.days().orElse(null);
    if (days == null) {
      return;
    }
    LocalDate today = LocalDate.ofInstant(days.now().minus(GRACE), ZoneOffset.UTC);
    DailyAggregation aggregation = new DailyAggregation(days);
    for (LocalDate day : days.due()) {
      if (day.isBefore(today) && ended.getCount() > 0) {
        aggregation.compute(day);
      }
    }
  }

  private void run(String what, Runnable work) {
    try {
      work.run();
    } catch (StoreUnavailableException e) {
      log(Level.INFO, what + " has to wait for the store", e);
    } catch (RuntimeException | Error e) {
      log(Level.WARNING, what + " failed, and is tried again", e);
    }
  }

  private void log(Level level, String message, Throwable cause) {
    // What is cut off by the end is no fault.
    LOG.log(ended.getCount() == 0 ? Level.DEBUG : level, message, cause);
  }

  private boolean isEndWithin(Duration time) {
    try {
      return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Only the end stops these threads.
      return ended.getCount() == 0;
    }
  }
}
