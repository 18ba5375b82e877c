package ai.pediscreen.telemetry.server.http;

final class IngestLimitsTest extends IngestLimitsContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
