package ai.pediscreen.telemetry.postgres.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Figures from what is pending alone: nothing is ever folded. */
class PendingUsageQueriesIT extends UsageQueriesContract {

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY =
      DATABASE.openWithoutFolding(InstantSource.fixed(UsageKit.NOW));

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  /** {@link PostgresUsageQueriesIT} takes its time. */
  @Override
  protected int shortenedBy() {
    return 3;
  }

  @Override
  protected EventStore store() {
    return TELEMETRY.events();
  }

  @Override
  protected UsageQueries queries() {
    return TELEMETRY.usage();
  }

  @Test
  void figuresAreWhole_whenManyMinutesArePending() {
    int events = 25_000;
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(
          EventBuilder.event("e-" + i)
              .at(NOW.minus(i, ChronoUnit.MINUTES))
              .model("m-" + i % 3)
              .latency(100L)
              .build());
    }
    store().append(OrgPermission.all(), batch);

    Overview overview = queries().overview(UsageFilter.last(UsageRange.MONTH, NOW));

    assertThat(overview.requests()).isEqualTo(events);
    assertThat(overview.models()).isEqualTo(3);
    assertThat(overview.newest()).isEqualTo(NOW);
  }
}
