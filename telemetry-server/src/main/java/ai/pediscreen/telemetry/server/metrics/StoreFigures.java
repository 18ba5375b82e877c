package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.OrgFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What only the store knows.
 *
 * @param daysDue how many days that are over are to be computed
 * @param lag how long the oldest of them has been over; zero if there is none
 * @param drift the drift of the newest day that has any
 */
record StoreFigures(int daysDue, Duration lag, List<DriftRecord> drift) {

  /** As many as labels are told apart, several features each. */
  private static final int MAX_DRIFT = 2_000;

  StoreFigures {
    drift = List.copyOf(drift);
  }

  static StoreFigures of(DailyAggregateStore days) {
    Instant now = days.now();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<LocalDate> due = days.due();
    Duration lag =
        due.isEmpty()
            ? Duration.ZERO
            : Duration.between(
                due.get(0).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), now);
    List<DriftRecord> newest =
        days.drift(new DayFilter(OrgFilter.all(), null, LocalDate.EPOCH, today), MAX_DRIFT);
    return new StoreFigures(
        due.size(),
        lag,
        newest.stream().filter(one -> one.date().equals(newest.get(0).date())).toList());
  }
}
