package ai.pediscreen.telemetry.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import java.time.Instant;
import java.time.LocalDate;
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
  void oneModelDrifts_andNoOther(Instant now) {
    InMemoryTelemetry telemetry = new InMemoryTelemetry(() -> now);
    telemetry.append(
        ScopedEvent.all(OrgScope.all(), new DemoEvents(DemoEvents.SEED, now).history()));
    new DailyAggregation(telemetry).computeDue();
    LocalDate yesterday = telemetry.drift(all(LocalDate.MIN, LocalDate.MAX), 1).get(0).date();

    List<DriftRecord> newest =
        telemetry.drift(all(yesterday, yesterday), 100).stream()
            .filter(DriftRecord::isOfWeek)
            .toList();
    assertThat(newest).hasSize(5);
    assertThat(newest.get(0).modelId()).isEqualTo("speech-milestones-3");
    assertThat(newest.get(0).psi()).isGreaterThan(0.5);
    assertThat(telemetry.drift(all(LocalDate.MIN, LocalDate.MAX), 1_000))
        .filteredOn(DriftRecord::alert)
        .extracting(DriftRecord::modelId)
        .containsOnly("speech-milestones-3");
  }

  private static DayFilter all(LocalDate from, LocalDate to) {
    return new DayFilter(OrgScope.all(), null, from, to);
  }
}
