package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.EventStoreContract;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import java.time.Duration;

class InMemoryStoreEventsTest extends EventStoreContract {

  private final InMemoryStore store =
      InMemoryStore.bounded(1_000_000, Duration.ofDays(10_000), () -> UsageQueriesContract.NOW);

  @Override
  protected EventStore store() {
    return store;
  }

  @Override
  protected UsageQueries queries() {
    return store;
  }
}
