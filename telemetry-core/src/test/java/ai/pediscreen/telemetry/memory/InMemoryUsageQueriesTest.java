package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;

class InMemoryUsageQueriesTest extends UsageQueriesContract {

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
