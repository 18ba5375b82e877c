package ai.pediscreen.telemetry.postgres.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertChanges;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.alert.AlertStoreContract;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresAlertsIT extends AlertStoreContract {

  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(NOW);
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY = DATABASE.open(CLOCK::get);

  @BeforeEach
  void clear() {
    DATABASE.clear();
    CLOCK.set(NOW);
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  @Override
  protected AlertStore store() {
    return TELEMETRY.alerts();
  }

  @Override
  protected void setNow(Instant now) {
    CLOCK.set(now);
  }

  @Test
  void lockOfTheEvaluation_isFree_afterOneThatFailed() {
    AlertStore other = TELEMETRY.alerts();
    for (int i = 0; i < 10; i++) {
      try {
        other.judge(
            Duration.ZERO,
            Set.of(AlertChannel.WEBHOOK),
            (List<Alert> known, Instant now) -> {
              throw new IllegalStateException();
            });
      } catch (IllegalStateException expected) {
        assertThat(expected).hasNoCause();
      }
    }
    assertThat(
            store()
                .judge(
                    Duration.ZERO, Set.of(AlertChannel.WEBHOOK), (known, now) -> AlertChanges.NONE))
        .isTrue();
  }
}
