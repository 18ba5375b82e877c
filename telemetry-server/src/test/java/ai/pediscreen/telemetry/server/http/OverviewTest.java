package ai.pediscreen.telemetry.server.http;

final class OverviewTest extends OverviewContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
