package ai.pediscreen.telemetry.server.http;

final class AccessTest extends AccessContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWithKeys();
  }
}
