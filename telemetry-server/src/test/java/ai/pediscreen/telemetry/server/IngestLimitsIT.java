package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.IngestLimitsContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class IngestLimitsIT extends IngestLimitsContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
