package ai.pediscreen.telemetry.server.http;

final class PediScreenPageTest extends PediScreenPageContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWithKeys();
  }
}
