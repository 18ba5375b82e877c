package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.PediScreenPageContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class PediScreenPageIT extends PediScreenPageContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.startWithKeys();
  }
}
