package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.AccessContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class AccessIT extends AccessContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.startWithKeys();
  }
}
