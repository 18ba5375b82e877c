package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** The queue that tests of the exporter use keeps the promises of a real one. */
final class InMemoryExportQueueTest extends ExportQueueContract {

  private final InMemoryExportQueue queue = new InMemoryExportQueue();
  private int revision;

  @Override
  protected ExportQueue queue() {
    return queue;
  }

  @Override
  protected void append(List<TelemetryEvent> events, boolean exporting) {
    events.forEach(one -> queue.append(one, exporting));
  }

  @Override
  protected void compute(LocalDate day) {
    queue.computed(
        new DayToExport(
            "memory", new ComputedDay(day, ++revision, 1), List.of(aggregate(day)), List.of()));
  }

  @Override
  protected List<DeadLetter> deadLetters() {
    return queue.deadLetters();
  }

  static DailyAggregate aggregate(LocalDate day) {
    return new DailyAggregate(
        day,
        OrgScope.all(),
        "m",
        3,
        BigDecimal.ONE,
        BigDecimal.ZERO,
        0,
        1,
        2,
        3,
        BigDecimal.ZERO,
        new Tokens(10, 4, 1, 6, 2),
        1,
        0,
        3,
        null);
  }
}
