package ai.pediscreen.telemetry.server.http;

final class IngestTest extends IngestContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
