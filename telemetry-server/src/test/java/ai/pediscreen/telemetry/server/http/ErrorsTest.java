package ai.pediscreen.telemetry.server.http;

final class ErrorsTest extends ErrorsContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
