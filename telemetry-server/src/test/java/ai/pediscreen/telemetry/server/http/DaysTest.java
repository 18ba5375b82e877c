package ai.pediscreen.telemetry.server.http;

final class DaysTest extends DaysContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
