package ai.pediscreen.telemetry.daily;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** What the promises about days are tried with. */
public abstract class DailyAggregationKit {

  /** Noon: the day before it is over, its own is not. */
  protected static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  static final LocalDate TODAY = LocalDate.of(2026, 3, 10);
  static final LocalDate YESTERDAY = TODAY.minusDays(1);

  private int appended;

  /** Where events go; the same throughout a test. */
  protected abstract EventStore store();

  /** The days of {@link #store}. */
  protected abstract DailyAggregateStore days();

  /** The baselines that these are compared with. */
  protected abstract DriftBaselines baselines();

  /** Makes {@link #days} watch something else; called before anything is stored. */
  protected abstract void watch(DriftSettings settings);

  void watch(List<DriftFeature> features) {
    watch(DriftSettings.standard().withFeatures(features));
  }

  /** Sets the clock of both. */
  protected abstract void setNow(Instant now);

  @BeforeEach
  void begin() {
    setNow(NOW);
  }

  int compute(LocalDate day) {
    return new DailyAggregation(days()).compute(day);
  }

  List<LocalDate> computeDue() {
    return new DailyAggregation(days()).computeDue();
  }

  EventBuilder at(LocalDate day) {
    return event("e-" + appended++).at(day.atTime(13, 0).toInstant(ZoneOffset.UTC));
  }

  void append(EventBuilder... events) {
    for (EventBuilder one : events) {
      assertThat(store().append(OrgPermission.all(), List.of(one.build())))
          .containsExactly(Receipt.accepted());
    }
  }

  /** So many events of model m, with latencies that rise by one. */
  void many(LocalDate day, int count, int latencyMillis) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(at(day).model("m").latency((long) latencyMillis + i).build());
    }
    assertThat(store().append(OrgPermission.all(), events)).containsOnly(Receipt.accepted());
  }

  /** A hundred events of model m that say something, all equally fast. */
  void says(LocalDate day, String field, IntFunction<@Nullable Object> value) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      events.add(at(day).model("m").latency(100L).says(field, value.apply(i)).build());
    }
    assertThat(store().append(OrgPermission.all(), events)).containsOnly(Receipt.accepted());
  }

  static DayFilter filter(@Nullable String org, LocalDate from, LocalDate to) {
    return new DayFilter(new OrgFilter(org), null, from, to);
  }

  List<DailyAggregate> aggregates(@Nullable String org) {
    return days().aggregates(filter(org, LocalDate.of(2020, 1, 1), LocalDate.of(2030, 1, 1)));
  }

  DailyAggregate aggregate(LocalDate day) {
    return days().aggregates(new DayFilter(OrgFilter.all(), "m", day, day)).get(0);
  }

  @Nullable Double psi(LocalDate day) {
    return aggregate(day).psi();
  }

  static DriftRecord drift(DailyAggregate aggregate) {
    assertThat(aggregate.drift()).isNotNull();
    return Objects.requireNonNull(aggregate.drift());
  }
}
