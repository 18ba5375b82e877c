package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.DriftContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import java.util.Map;

class DriftIT extends DriftContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start(Map.of("DRIFT_FEATURES", DRIFT_FEATURES, "DRIFT_BY", DRIFT_BY));
  }
}
