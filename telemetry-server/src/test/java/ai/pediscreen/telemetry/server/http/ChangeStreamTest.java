package ai.pediscreen.telemetry.server.http;

final class ChangeStreamTest extends ChangeStreamContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
