package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.EventStoreContract;
import ai.pediscreen.telemetry.usage.UsageQueries;

class InMemoryEventStoreTest extends EventStoreContract {

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry();

  @Override
  protected EventStore store() {
    return telemetry;
  }

  @Override
  protected UsageQueries queries() {
    return telemetry;
  }
}
