package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.DaysContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import java.util.Map;

class DaysIT extends DaysContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start(Map.of("DRIFT_FEATURES", DRIFT_FEATURES));
  }
}
