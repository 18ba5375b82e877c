package ai.pediscreen.telemetry.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresTelemetryIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  @Test
  void smoke() {
    TestDatabase database = TestDatabase.create();
    long t0 = System.nanoTime();
    try (PostgresTelemetry telemetry = database.open(InstantSource.fixed(NOW))) {
      System.out.println("open ms " + (System.nanoTime() - t0) / 1_000_000);
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        events.add(
            TelemetryEvent.fromMap(
                Map.of(
                    "event_id",
                    "e" + i,
                    "timestamp",
                    "2026-03-10T11:59:00Z",
                    "org_id",
                    "org-a",
                    "model",
                    Map.of("model_id", "m" + i % 5, "provider", "p", "adapter_id", "a"),
                    "response",
                    Map.of("status_code", 200, "latency_ms", i))));
      }
      for (int round = 0; round < 3; round++) {
        long t1 = System.nanoTime();
        List<Receipt> receipts = telemetry.events().append(events);
        System.out.println("append ms " + (System.nanoTime() - t1) / 1_000_000);
        assertThat(receipts).hasSize(2_000);
      }
      UsageFilter filter =
          new UsageFilter(OrgScope.all(), null, TimeWindow.last(UsageRange.MONTH, NOW));
      for (int round = 0; round < 3; round++) {
        long t1 = System.nanoTime();
        System.out.println(telemetry.usage().overview(filter));
        System.out.println("overview ms " + (System.nanoTime() - t1) / 1_000_000);
        System.out.println(telemetry.usage().models(filter, 10));
        System.out.println(telemetry.usage().errors(filter, 10));
      }
    }
    long t2 = System.nanoTime();
    database.open(InstantSource.fixed(NOW)).close();
    System.out.println("reopen ms " + (System.nanoTime() - t2) / 1_000_000);
  }
}
