package ai.pediscreen.telemetry.postgres.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Figures from the rollups alone: all is folded before it is asked for. */
class FoldedUsageQueriesIT extends UsageQueriesContract {

  private static final String PENDING_BYTES = "SELECT pg_relation_size('usage_pending')";

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY =
      DATABASE.openWithoutFolding(InstantSource.fixed(UsageKit.NOW));

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  /** Every question reads all of its pages. */
  @Test
  void tableOfWhatIsPending_hasNoPages_onceItIsFoldedAndVacuumed() {
    List<TelemetryEvent> events =
        IntStream.range(0, 2_000)
            .mapToObj(
                i -> EventBuilder.event("e" + i).at(UsageKit.NOW.minusSeconds(60L * i)).build())
            .toList();
    assertThat(TELEMETRY.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.accepted());
    assertThat(DATABASE.value(PENDING_BYTES)).isNotEqualTo("0");

    TestDatabase.fold(TELEMETRY);
    DATABASE.execute("VACUUM usage_pending");

    assertThat(DATABASE.value(PENDING_BYTES)).isEqualTo("0");
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
    return events -> {
      List<Receipt> receipts = TELEMETRY.events().append(events);
      TestDatabase.fold(TELEMETRY);
      return receipts;
    };
  }

  @Override
  protected UsageQueries queries() {
    return TELEMETRY.usage();
  }
}
