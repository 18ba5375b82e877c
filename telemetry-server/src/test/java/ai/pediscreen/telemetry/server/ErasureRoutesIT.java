package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ErasureContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class ErasureRoutesIT extends ErasureContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.startWithKeys();
  }
}
