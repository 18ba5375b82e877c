package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventArchiveContract;
import ai.pediscreen.telemetry.event.spi.EventStore;

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
