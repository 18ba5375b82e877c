package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.EventArchive;
import ai.pediscreen.telemetry.event.EventArchiveContract;
import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.usage.UsageKit;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresEventArchiveIT extends EventArchiveContract {

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
  protected EventArchive archive() {
    return TELEMETRY.archive();
  }
}
