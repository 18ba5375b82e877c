package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.EventSearchContract;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;

class InMemoryEventSearchTest extends EventSearchContract {

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry();

  @Override
  protected EventStore store() {
    return telemetry;
  }

  @Override
  protected EventSearch search() {
    return telemetry;
  }

  @Override
  protected ModelHistory history() {
    return telemetry;
  }
}
