package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.export.ExportThread;
import ai.pediscreen.telemetry.job.Daemon;
import ai.pediscreen.telemetry.job.DaySchedule;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.job.PeriodicTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The work beside recording: maintenance shortly after the start and once an hour, days that are
 * over, export, and reports of dropped events once a second.
 */
final class BackgroundTasks {

  private static final Duration MAINTENANCE_PERIOD = Duration.ofHours(1);
  private static final Duration LISTENERS_AT_END = Duration.ofMillis(500);

  private final Drops drops;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread reporter;

  /** Stops each part, the last one first. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  BackgroundTasks(TelemetryBuilder settings, TelemetryStore store, Recorder recorder, Drops drops) {
    this.drops = drops;
    this.reporter = Daemon.start("telemetry-drops", this::report);
    ends.push(
        new PeriodicTask("telemetry-maintenance", MAINTENANCE_PERIOD, store::maintain)::close);
    store.days().ifPresent(this::computeDays);
    EventExporter exporter = settings.exporter;
    if (exporter != null) {
      store.exports().ifPresent(queue -> export(queue, exporter, recorder));
    }
  }

  /** Starts nothing more, and reports what is not reported yet. */
  void end() {
    ended.countDown();
    ends.forEach(Runnable::run);
    drops.writeLog(true);
    Daemon.join(reporter, LISTENERS_AT_END);
  }

  private void computeDays(DailyAggregateStore days) {
    InProcessJobQueue jobs =
        new InProcessJobQueue(new DailyAggregation(days)::compute, InProcessJobQueue.PAUSES);
    ends.push(jobs::stop);
    DaySchedule schedule = new DaySchedule(days, jobs);
    ends.push(schedule::close);
    schedule.start();
  }

  private void export(ExportQueue queue, EventExporter exporter, Recorder recorder) {
    ExportThread export = new ExportThread(queue, exporter, recorder::isBusy);
    ends.push(export::close);
    export.start();
  }

  private void report() {
    boolean last;
    do {
      last = isEndWithin(Duration.ofSeconds(1));
      drops.writeLog(false);
      drops.notifyListeners();
    } while (!last);
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
