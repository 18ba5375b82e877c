package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.usage.EventSearch;
import ai.pediscreen.telemetry.usage.EventSearchContract;
import ai.pediscreen.telemetry.usage.ModelHistory;

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
