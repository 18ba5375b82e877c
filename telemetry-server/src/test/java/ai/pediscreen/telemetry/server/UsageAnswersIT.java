package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import ai.pediscreen.telemetry.server.http.UsageAnswersContract;

class UsageAnswersIT extends UsageAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
