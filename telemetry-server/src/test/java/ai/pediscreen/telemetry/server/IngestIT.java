package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.IngestContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class IngestIT extends IngestContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
