package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ErrorsContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What is refused leaves nothing behind, so one server serves all of these. */
class ErrorsIT extends ErrorsContract {

  private static PostgresServer shared;

  @BeforeAll
  static void startShared() {
    shared = PostgresServer.start();
  }

  @AfterAll
  static void stopShared() {
    shared.close();
  }

  @Override
  protected ServerUnderTest startServer() {
    return shared;
  }

  @Override
  protected void stop() {
    // The next test goes on with it.
  }
}
