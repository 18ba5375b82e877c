package ai.pediscreen.telemetry.server.http;

class FoundEventsTest extends FoundEventsContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }
}
