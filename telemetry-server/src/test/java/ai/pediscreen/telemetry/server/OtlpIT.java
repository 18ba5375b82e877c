package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.OtlpContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class OtlpIT extends OtlpContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
