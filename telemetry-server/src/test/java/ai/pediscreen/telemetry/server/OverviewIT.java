package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.OverviewContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class OverviewIT extends OverviewContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
