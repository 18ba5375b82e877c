package ai.pediscreen.telemetry.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoEventsTest {

  private static final Instant NOW = Instant.parse("2026-03-10T18:40:00Z");

  @Test
  void history_isTheSame_forTheSameSeedAndTime() {
    assertThat(new DemoEvents(7, NOW).history()).isEqualTo(new DemoEvents(7, NOW).history());
    assertThat(new DemoEvents(8, NOW).history()).isNotEqualTo(new DemoEvents(7, NOW).history());
  }

  @Test
  void history_isAMonthInOrder_withoutDuplicates() {
    List<TelemetryEvent> history = new DemoEvents(7, NOW).history();

    assertThat(history.size()).isBetween(30_000, 50_000);
    assertThat(history).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
    assertThat(history).extracting(TelemetryEvent::eventId).doesNotHaveDuplicates();
    assertThat(history.get(0).timestamp()).isAfter("2026-02-08T00:00:00Z");
    assertThat(history.get(history.size() - 1).timestamp()).isBeforeOrEqualTo(NOW);
  }

  /** On every day of the week and at every hour: a demonstration may be run at any time. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-09T00:01:00Z",
        "2026-03-10T03:00:00Z",
        "2026-03-11T12:00:00Z",
        "2026-03-12T23:59:00Z",
        "2026-03-13T18:00:00Z",
        "2026-03-14T00:30:00Z",
        "2026-03-15T20:00:00Z"
      })
  void onlyTheScriptedModels_drift(Instant now) {
    InMemoryTelemetry telemetry =
        new InMemoryTelemetry(
            () -> now,
            DriftSettings.standard()
                .withFeatures(
                    Arrays.stream(DemoEvents.WATCHED.split(",")).map(DriftFeature::new).toList()));
    telemetry.append(
        ScopedEvent.all(OrgPermission.all(), new DemoEvents(DemoEvents.SEED, now).history()));
    new DailyAggregation(telemetry).computeDue();
    LocalDate yesterday = telemetry.drift(all(LocalDate.MIN, LocalDate.MAX), 1).get(0).date();

    List<DriftRecord> newest =
        telemetry.drift(all(yesterday, yesterday), 100).stream()
            .filter(DriftRecord::isOfWeek)
            .toList();
    // Five models' latencies, and two features of two models.
    assertThat(newest).hasSize(9);
    assertThat(newest)
        .filteredOn(one -> one.modelId().equals("speech-milestones-3"))
        .singleElement()
        .satisfies(one -> assertThat(one.psi()).isGreaterThan(0.5));
    List<String> alerts =
        telemetry.drift(all(LocalDate.MIN, LocalDate.MAX), 1_000).stream()
            .filter(DriftRecord::alert)
            .map(one -> one.modelId() + " " + one.feature())
            .distinct()
            .toList();
    assertThat(alerts)
        .containsExactlyInAnyOrder(
            "speech-milestones-3 latency_ms",
            "medgemma-4b-it /response/confidence",
            "medgemma-4b-it /response/risk_level");
  }

  @Test
  void outageHasNoCalls_andTheNewAdapterComesWithTheDrift() {
    List<TelemetryEvent> history = new DemoEvents(DemoEvents.SEED, NOW).history();

    assertThat(history)
        .noneMatch(
            one ->
                one.timestamp().isAfter(Instant.parse("2026-03-08T12:00:00Z"))
                    && one.timestamp().isBefore(Instant.parse("2026-03-08T15:00:00Z")));
    assertThat(
            history.stream()
                .filter(one -> one.toMap().toString().contains("adapter_id=asq3-24m-r2"))
                .findFirst()
                .orElseThrow()
                .timestamp())
        .isBetween(Instant.parse("2026-03-06T00:00:00Z"), Instant.parse("2026-03-07T00:00:00Z"));
  }

  @Test
  void newCalls_haveTheRateOfTheMonthBefore() {
    DemoEvents events = new DemoEvents(DemoEvents.SEED, NOW);
    double minutes = 0;
    for (int i = 0; i < 2_000; i++) {
      minutes += events.pauseAfter(Instant.parse("2026-03-10T17:00:00Z")).toMillis() / 60_000.0;
    }

    // At the busiest hour of a working day, some 146 an hour.
    assertThat(2_000 / minutes * 60).isBetween(135.0, 157.0);
  }

  private static DayFilter all(LocalDate from, LocalDate to) {
    return new DayFilter(OrgFilter.all(), null, from, to);
  }
}
