package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.GoldenAnswersContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class GoldenAnswersIT extends GoldenAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
