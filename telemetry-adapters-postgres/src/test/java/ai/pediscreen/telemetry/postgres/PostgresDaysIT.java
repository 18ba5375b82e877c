package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregationContract;
import ai.pediscreen.telemetry.event.EventStore;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresDaysIT extends DailyAggregationContract {

  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(NOW);
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY = DATABASE.open(CLOCK::get);

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  @Override
  protected EventStore store() {
    return TELEMETRY.events();
  }

  @Override
  protected DailyAggregateStore days() {
    return TELEMETRY.days();
  }

  @Override
  protected void setNow(Instant instant) {
    CLOCK.set(instant);
  }
}
