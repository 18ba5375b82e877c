package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.OutageLog;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.http.Readiness;
import java.util.List;

/**
 * Whether the database answers and stores. After a failure to store, a test write finds out whether
 * it has passed, so that no sender is needed for that.
 */
record StoreReadiness(PostgresTelemetry telemetry, OutageLog events) implements Readiness {

  @Override
  public List<String> reasons() {
    try {
      telemetry.ping();
    } catch (StoreUnavailableException e) {
      return List.of("the database does not answer");
    }
    try {
      if (events.isUnavailable()) {
        telemetry.tryToWrite();
      }
      return List.of();
    } catch (StoreUnavailableException e) {
      return List.of("the database stores nothing: " + e.getMessage());
    }
  }
}
