package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ChangeStreamContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class ChangeStreamIT extends ChangeStreamContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
