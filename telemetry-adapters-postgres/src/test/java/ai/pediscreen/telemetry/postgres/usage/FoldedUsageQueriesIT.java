package ai.pediscreen.telemetry.postgres.usage;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** Figures from the rollups alone: all is folded before it is asked for. */
class FoldedUsageQueriesIT extends UsageQueriesContract {

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
