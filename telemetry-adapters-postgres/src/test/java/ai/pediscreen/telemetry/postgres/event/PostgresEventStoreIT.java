package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.EventStoreContract;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresEventStoreIT extends EventStoreContract {

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY =
      DATABASE.open(InstantSource.fixed(UsageKit.NOW));

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
    return TELEMETRY.events();
  }

  @Override
  protected UsageQueries queries() {
    return TELEMETRY.usage();
  }
}
