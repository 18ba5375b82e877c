package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ErrorsContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class ErrorsIT extends ErrorsContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
