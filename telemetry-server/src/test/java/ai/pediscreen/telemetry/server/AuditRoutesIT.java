package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.AuditContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;

class AuditRoutesIT extends AuditContract {

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.startWithKeys();
  }
}
