package ai.pediscreen.telemetry.postgres.day;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DailyAggregationContract;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PostgresDaysIT extends DailyAggregationContract {

  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(NOW);
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY = DATABASE.open(CLOCK::get);

  private PostgresTelemetry watching = TELEMETRY;
  private int appended;

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  @AfterEach
  void closeWatching() {
    if (watching != TELEMETRY) {
      watching.close();
    }
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  @Override
  protected EventStore store() {
    return TELEMETRY.events();
  }

  @Override
  protected DailyAggregateStore days() {
    return watching.days();
  }

  @Override
  protected DriftBaselines baselines() {
    return watching.baselines();
  }

  @Override
  protected void watch(DriftSettings settings) {
    closeWatching();
    watching =
        PostgresTelemetry.open(DATABASE.settings(CLOCK::get).withDrift(settings), Duration.ZERO);
  }

  @Override
  protected void setNow(Instant instant) {
    CLOCK.set(instant);
  }

  @Test
  @DisplayName("the reference of a feature that is watched since yesterday is what there is of it")
  void featureAddedLater_isComparedWithTheDaysThatHaveIt() {
    LocalDate today = LocalDate.of(2026, 3, 10);
    for (int day = 3; day >= 2; day--) {
      appendFeature(today.minusDays(day), 20);
    }
    new DailyAggregation(days()).computeDue();
    watch(DriftSettings.standard().withFeatures(List.of(new DriftFeature("/response/risk_level"))));
    assertThat(days().due()).isEmpty();

    appendFeature(today.minusDays(1), 20);
    new DailyAggregation(days()).computeDue();
    assertThat(drift(today)).as("no day before has values of it").isEmpty();

    setNow(NOW.plus(Duration.ofDays(1)));
    appendFeature(today, 20);
    new DailyAggregation(days()).computeDue();
    assertThat(drift(today))
        .extracting(DriftRecord::date, DriftRecord::referenceCount)
        .containsExactly(tuple(today, 20L));

    // A late event has its day read again, and so the feature's values of that day.
    appendFeature(today.minusDays(3), 1);
    new DailyAggregation(days()).computeDue();
    assertThat(drift(today))
        .extracting(DriftRecord::date, DriftRecord::referenceCount)
        .containsExactly(tuple(today, 41L), tuple(today.minusDays(1), 21L));
  }

  @Test
  void unreadableValues_loseOnlyTheirOwnComparisons() {
    LocalDate today = LocalDate.of(2026, 3, 10);
    for (int day = 8; day >= 1; day--) {
      appendFeature(today.minusDays(day), 20);
    }
    watch(DriftSettings.standard().withFeatures(List.of(new DriftFeature("/response/risk_level"))));
    DriftSubject subject = new DriftSubject(OrgScope.all(), "m", "/response/risk_level");
    for (String name : List.of("broken", "whole")) {
      baselines()
          .put(
              new DriftBaseline(
                  name,
                  subject,
                  null,
                  null,
                  DayValues.ofValues(subject, Collections.nCopies(10, "low"))));
    }
    DATABASE.execute("UPDATE drift_baseline SET distribution = '\\x63' WHERE name = 'broken'");

    new DailyAggregation(days()).computeDue();
    assertThat(drift(today))
        .filteredOn(one -> one.date().equals(today.minusDays(1)))
        .extracting(one -> one.reference().name())
        .containsExactlyInAnyOrder("week", "baseline:whole");
    assertThat(watching.failedComparisons()).isPositive();
    assertThat(baselines().list()).extracting(DriftBaseline::name).containsExactly("whole");
    assertThat(baselines().remove("broken", subject)).isTrue();

    // A day before that cannot be read is what the week and each comparison with it lack.
    DATABASE.execute(
        "UPDATE daily_distribution SET distribution = '\\x63' WHERE day = DATE '2026-03-08'"
            + " AND feature = '/response/risk_level'");
    long failed = watching.failedComparisons();
    appendFeature(today.minusDays(1), 1);
    new DailyAggregation(days()).computeDue();
    assertThat(drift(today))
        .filteredOn(one -> one.date().equals(today.minusDays(1)))
        .extracting(one -> one.reference().name(), DriftRecord::currentCount)
        .containsExactly(tuple("baseline:whole", 21L));
    assertThat(watching.failedComparisons()).isGreaterThan(failed);
    assertThat(days().aggregates(new DayFilter(OrgFilter.all(), "m", today.minusDays(1), today)))
        .singleElement()
        .satisfies(one -> assertThat(one.calls()).isEqualTo(21));
  }

  private List<DriftRecord> drift(LocalDate today) {
    DayFilter week = new DayFilter(OrgFilter.all(), null, today.minusDays(7), today);
    return days().drift(week, 100).stream()
        .filter(one -> one.feature().equals("/response/risk_level"))
        .toList();
  }

  private void appendFeature(LocalDate day, int count) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          event("f-" + appended++)
              .at(day + "T01:00:00Z")
              .model("m")
              .says("risk_level", i % 2 == 0 ? "low" : "high")
              .build());
    }
    store().append(OrgPermission.all(), events);
  }
}
