package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.DaysContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class DaysIT extends DaysContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
