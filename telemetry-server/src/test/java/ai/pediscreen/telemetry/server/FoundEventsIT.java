package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.FoundEventsContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

/** Found events over PostgreSQL. */
class FoundEventsIT extends FoundEventsContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }
}
