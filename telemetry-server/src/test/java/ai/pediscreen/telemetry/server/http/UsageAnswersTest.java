package ai.pediscreen.telemetry.server.http;

final class UsageAnswersTest extends UsageAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
