package ai.pediscreen.telemetry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.assembly.StoppedException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

  @Test
  void busyDatabase_isRetried() {
    AtomicInteger attempts = new AtomicInteger();

    DemoCommand.retrying(
        () -> {
          if (attempts.incrementAndGet() < 3) {
            throw new StoreUnavailableException("the database is busy");
          }
        });

    assertThat(attempts).hasValue(3);
  }

  @Test
  void databaseThatStaysUnavailable_endsTheDemo() {
    assertThatThrownBy(
            () ->
                DemoCommand.retrying(
                    () -> {
                      throw new StoreUnavailableException("the database is away");
                    }))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void interruptedDemo_doesNotRetry() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> DemoCommand.retrying(() -> {})).isInstanceOf(StoppedException.class);
  }
}
