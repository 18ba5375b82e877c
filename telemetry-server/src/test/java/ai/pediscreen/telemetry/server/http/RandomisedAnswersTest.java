package ai.pediscreen.telemetry.server.http;

final class RandomisedAnswersTest extends RandomisedAnswersContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
