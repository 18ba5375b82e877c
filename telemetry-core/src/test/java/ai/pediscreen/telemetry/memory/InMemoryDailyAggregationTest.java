package ai.pediscreen.telemetry.memory;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DailyAggregationContract;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.spi.EventStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryDailyAggregationTest extends DailyAggregationContract {

  private Instant now = NOW;
  private InMemoryTelemetry telemetry = new InMemoryTelemetry(() -> now);

  @Override
  protected EventStore store() {
    return telemetry;
  }

  @Override
  protected DailyAggregateStore days() {
    return telemetry;
  }

  @Override
  protected DriftBaselines baselines() {
    return telemetry;
  }

  @Override
  protected void watch(DriftSettings settings) {
    telemetry = new InMemoryTelemetry(() -> now, settings);
  }

  @Override
  protected void setNow(Instant instant) {
    now = instant;
  }

  @Test
  void dayWithForgottenEvents_keepsItsAggregates() {
    LocalDate day = LocalDate.of(2026, 3, 8);
    telemetry.append(
        OrgPermission.all(),
        List.of(
            event("e-1").at("2026-03-08T01:00:00Z").model("m").build(),
            event("e-2").at("2026-03-08T23:00:00Z").model("m").build()));
    new DailyAggregation(telemetry).computeDue();

    telemetry.removeBefore(Instant.parse("2026-03-08T12:00:00Z"));

    assertThat(telemetry.due()).isEmpty();
    assertThat(new DailyAggregation(telemetry).compute(day)).isEqualTo(1);
    assertThat(telemetry.computed(day, day).get(0).revision()).isEqualTo(1);
  }
}
