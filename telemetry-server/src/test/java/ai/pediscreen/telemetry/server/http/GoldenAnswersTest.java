package ai.pediscreen.telemetry.server.http;

final class GoldenAnswersTest extends GoldenAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
