package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.daily.DriftComparison;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The days of an {@link InMemoryStore}, computed from the events that it keeps, under its lock. */
final class StoredDays implements DailyAggregateStore {

  private final Object lock;
  private final NewestEvents events;
  private final InstantSource clock;
  private final InMemoryDays days;

  StoredDays(Object lock, NewestEvents events, InstantSource clock, DriftSettings settings) {
    this.lock = lock;
    this.events = events;
    this.clock = clock;
    this.days = new InMemoryDays(settings);
  }

  /** Days with events up to this instant stay as they are. */
  void haveLost(Instant timestamp) {
    days.keepAsTheyAreBefore(timestamp.plus(1, ChronoUnit.MICROS));
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public List<LocalDate> due() {
    synchronized (lock) {
      return days.due(events.all(), today());
    }
  }

  @Override
  public int compute(LocalDate day) {
    synchronized (lock) {
      if (!day.isBefore(today())) {
        throw new DayNotOverException(day);
      }
      return days.compute(events.all(), day);
    }
  }

  @Override
  public List<ComputedDay> computed(LocalDate from, LocalDate to) {
    synchronized (lock) {
      return days.computed(from, to);
    }
  }

  @Override
  public List<DailyAggregate> aggregates(DayFilter filter) {
    synchronized (lock) {
      return days.aggregates(filter);
    }
  }

  @Override
  public List<DriftRecord> drift(DayFilter filter, int limit) {
    synchronized (lock) {
      return days.drift(filter, limit);
    }
  }

  @Override
  public List<DriftRecord> alerts(DayFilter filter) {
    synchronized (lock) {
      return days.alerts(filter);
    }
  }

  @Override
  public Optional<DriftComparison> comparison(
      LocalDate day, DriftSubject subject, DriftReference reference) {
    synchronized (lock) {
      return days.comparison(day, subject, reference);
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
