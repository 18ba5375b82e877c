package ai.pediscreen.telemetry.postgres.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender does to figures that puts an id of each call where a name belongs. */
class NameLimitIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final OrgFilter MANY = OrgFilter.of("many");
  private static final int LIMIT = 5;
  private static final int EVENTS = 40;

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final PostgresTelemetry telemetry =
      TestDatabase.openWithoutFolding(database.settings(now::get).withNamesPerDay(LIMIT));

  @AfterEach
  void close() {
    telemetry.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("A request id as model_id: five models and other, totals exact, folded or not")
  void modelsBeyondTheLimit_areCountedAsOther_foldedOrNot(boolean folded) {
    append("few", 3, NOW.minusSeconds(60));
    append("many", EVENTS, NOW.minusSeconds(60));
    if (folded) {
      TestDatabase.fold(telemetry);
    }

    List<ModelUsage> models = telemetry.usage().models(filter(MANY, null), 100);

    assertThat(models).hasSize(LIMIT + 1);
    assertThat(models.get(0).modelId()).isEqualTo("other");
    assertThat(models.get(0).calls()).isEqualTo(EVENTS - LIMIT);
    assertThat(telemetry.usage().overview(filter(MANY, null)).requests()).isEqualTo(EVENTS);
    assertThat(telemetry.usage().overview(filter(MANY, "other")).requests())
        .isEqualTo(EVENTS - LIMIT);
    assertThat(
            telemetry.usage().series(filter(MANY, "other")).stream()
                .mapToLong(UsagePoint::calls)
                .sum())
        .isEqualTo(EVENTS - LIMIT);
    assertThat(telemetry.usage().models(filter(OrgFilter.of("few"), null), 100)).hasSize(3);
    assertThat(telemetry.usage().models(filter(OrgFilter.all(), null), 100))
        .hasSize(NameLimit.FLEET_FACTOR * LIMIT + 1);
    assertThat(telemetry.usage().overview(filter(OrgFilter.all(), null)).requests())
        .isEqualTo(EVENTS + 3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reasonsAdaptersAndFallbacksBeyondTheLimit_areCountedAsOther(boolean folded) {
    for (int i = 0; i < EVENTS; i++) {
      append(event("many", i, "one", "x-" + i, NOW.minusSeconds(60)));
    }
    if (folded) {
      TestDatabase.fold(telemetry);
    }

    CallReport errors = telemetry.usage().errors(filter(MANY, null), 10);
    CallReport fallbacks = telemetry.usage().fallbacks(filter(MANY, null), 10);

    assertThat(errors.reasons()).hasSize(LIMIT + 1).containsEntry("other", (long) EVENTS - LIMIT);
    assertThat(errors.total()).isEqualTo(EVENTS);
    assertThat(fallbacks.reasons()).hasSize(LIMIT + 1);
    assertThat(fallbacks.total()).isEqualTo(EVENTS);
    assertThat(telemetry.usage().models(filter(MANY, null), 10).get(0).adapters())
        .hasSize(LIMIT + 1);
  }

  @Test
  @DisplayName("Rows stay few however often new names come, and the answer says so")
  void rowsStayBounded_andTheAnswerSaysSo() {
    append("few", 3, NOW.minusSeconds(60));
    TestDatabase.fold(telemetry);
    assertThat(telemetry.usage().bounded(filter(OrgFilter.all(), null))).isFalse();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < EVENTS; i++) {
        append(
            event("many", 100 * round + i, round + "m" + i, round + "r" + i, NOW.minusSeconds(i)));
      }
      TestDatabase.fold(telemetry);
    }

    assertThat(
            database.value(
                "SELECT max(models) FROM (SELECT count(*) AS models FROM usage_rollup"
                    + " WHERE scope = '=many' GROUP BY width_minutes, bucket) AS rows"))
        .isEqualTo(Integer.toString(LIMIT + 1));
    assertThat(
            Integer.parseInt(
                database.value(
                    "SELECT count(*) FROM label_rollup WHERE scope = '=many'"
                        + " AND width_minutes = 1440 AND kind = 'error'")))
        .isLessThanOrEqualTo(LIMIT * LIMIT + LIMIT + 1);
    assertThat(telemetry.usage().bounded(filter(MANY, null))).isTrue();
    assertThat(telemetry.usage().bounded(filter(OrgFilter.of("few"), null))).isFalse();
    assertThat(telemetry.boundedEvents()).isPositive();
    assertThat(telemetry.usage().overview(filter(MANY, null)).requests()).isEqualTo(4L * EVENTS);
    now.set(NOW.plus(2, ChronoUnit.DAYS));
    TimeWindow later = TimeWindow.last(UsageRange.DAY, now.get());
    assertThat(telemetry.usage().bounded(new UsageFilter(MANY, null, later))).isFalse();
  }

  @Test
  @DisplayName("A day of many models is computed with as few, for everybody")
  void dayOfManyModels_isComputedWithinTheLimit() {
    append("few", 3, NOW);
    append("many", EVENTS, NOW);
    TestDatabase.fold(telemetry);
    now.set(NOW.plus(1, ChronoUnit.DAYS));
    LocalDate day = LocalDate.of(2026, 3, 10);

    telemetry.days().compute(day);

    assertThat(aggregates(MANY, day)).hasSize(LIMIT + 1);
    assertThat(aggregates(MANY, day).stream().mapToLong(DailyAggregate::calls).sum())
        .isEqualTo(EVENTS);
    assertThat(aggregates(OrgFilter.of("few"), day))
        .extracting(DailyAggregate::calls)
        .hasSizeBetween(1, 4);
    assertThat(aggregates(OrgFilter.all(), day))
        .hasSizeLessThanOrEqualTo(NameLimit.FLEET_FACTOR * LIMIT + 1);
    assertThat(aggregates(OrgFilter.all(), day).stream().mapToLong(DailyAggregate::calls).sum())
        .isEqualTo(EVENTS + 3);
    assertThat(telemetry.days().due()).isEmpty();
  }

  @Test
  @DisplayName("A row deleted by hand does not keep a day from what comes later")
  void dayWithADeletedRow_isComputedFromTheRest() {
    append("few", 3, NOW);
    TestDatabase.fold(telemetry);
    now.set(NOW.plus(1, ChronoUnit.DAYS));
    LocalDate day = LocalDate.of(2026, 3, 10);
    telemetry.days().compute(day);
    database.execute("DELETE FROM event WHERE event_id = '0'");
    append(event("late", 0, "m0", "r", NOW));
    TestDatabase.fold(telemetry);

    telemetry.days().compute(day);

    assertThat(aggregates(OrgFilter.of("late"), day)).hasSize(1);
    assertThat(aggregates(OrgFilter.of("few"), day)).hasSize(2);
    assertThat(telemetry.days().due()).isEmpty();
  }

  private List<DailyAggregate> aggregates(OrgFilter org, LocalDate day) {
    return telemetry.days().aggregates(new DayFilter(org, null, day, day));
  }

  private UsageFilter filter(OrgFilter org, @Nullable String modelId) {
    return new UsageFilter(org, modelId, TimeWindow.last(UsageRange.DAY, now.get()));
  }

  private void append(String org, int models, Instant timestamp) {
    append(
        IntStream.range(0, models)
            .mapToObj(i -> event(org, i, org + "-m" + i, "r", timestamp))
            .toArray(TelemetryEvent[]::new));
  }

  private void append(TelemetryEvent... events) {
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(events)))
        .containsOnly(Receipt.accepted());
  }

  private static TelemetryEvent event(
      String org, int id, String model, String name, Instant timestamp) {
    return TelemetryEvent.fromMap(
        Map.of(
            "event_id", Integer.toString(id),
            "org_id", org,
            "timestamp", timestamp.toString(),
            "model", Map.of("model_id", model, "adapter_id", name),
            "response",
                Map.of(
                    "status_code", 500, "error_code", name, "fallback_to", name, "latency_ms", 5)));
  }
}
