package ai.pediscreen.telemetry.postgres.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.spi.LabelCalls;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Questions over days whose figures are kept and whose events are not. */
class ExpiredEventsIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final Instant MIDNIGHT = Instant.parse("2026-02-26T00:00:00Z");

  private final TestDatabase database = TestDatabase.create();
  private PostgresTelemetry telemetry;

  @BeforeEach
  void expire() {
    telemetry = database.openWithoutFolding(() -> NOW);
    append("within", Duration.ofHours(3));
    append("after", Duration.ofHours(12));
    TestDatabase.fold(telemetry);
    telemetry.maintenance().run();
    telemetry.close();
    telemetry = TestDatabase.openWithoutFolding(database.settings(() -> NOW).withRetentionDays(10));
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("0");
  }

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("A window that ends within a day counts nothing that came later on that day")
  void eventsAfterTheWindow_areNotCounted() {
    UsageFilter filter = hours(0, 6);

    assertThat(telemetry.usage().overview(filter).requests()).isEqualTo(1);
    assertThat(telemetry.usage().models(filter, 10))
        .extracting(ModelUsage::calls)
        .containsExactly(1L);
    assertThat(telemetry.usage().series(filter))
        .extracting(UsagePoint::calls)
        .containsExactly(0L, 0L, 0L, 1L, 0L, 0L);
    assertThat(telemetry.history().calls(filter, UsageLabel.Kind.PROVIDER, 10))
        .extracting(LabelCalls::total)
        .containsExactly(1L);
    assertThat(telemetry.usage().overview(hours(0, 24)).requests()).isEqualTo(2);
  }

  private static UsageFilter hours(int from, int to) {
    TimeWindow window =
        TimeWindow.between(
            MIDNIGHT.plus(Duration.ofHours(from)), MIDNIGHT.plus(Duration.ofHours(to)), NOW);
    return new UsageFilter(OrgFilter.all(), null, window);
  }

  private void append(String id, Duration sinceMidnight) {
    TelemetryEvent event =
        TelemetryEvent.builder(id, MIDNIGHT.plus(sinceMidnight))
            .model("m")
            .provider("p")
            .status(200)
            .build();
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(event)))
        .containsExactly(Receipt.accepted());
  }
}
