package ai.pediscreen.telemetry.server.http;

final class ErasureRoutesTest extends ErasureContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWithKeys();
  }
}
