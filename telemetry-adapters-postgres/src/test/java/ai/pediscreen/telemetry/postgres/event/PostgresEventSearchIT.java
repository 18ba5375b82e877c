package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.EventSearchContract;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresEventSearchIT extends EventSearchContract {

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
  protected EventSearch search() {
    return TELEMETRY.search();
  }

  @Override
  protected ModelHistory history() {
    return TELEMETRY.history();
  }
}
