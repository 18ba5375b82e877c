package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.RandomisedAnswersContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class RandomisedAnswersIT extends RandomisedAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
