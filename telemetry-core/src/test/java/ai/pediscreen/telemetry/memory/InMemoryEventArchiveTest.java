package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.EventArchive;
import ai.pediscreen.telemetry.event.EventArchiveContract;
import ai.pediscreen.telemetry.event.EventStore;

class InMemoryEventArchiveTest extends EventArchiveContract {

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry();

  @Override
  protected EventStore store() {
    return telemetry;
  }

  @Override
  protected EventArchive archive() {
    return telemetry;
  }
}
