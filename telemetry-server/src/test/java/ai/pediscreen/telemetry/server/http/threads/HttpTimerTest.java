package ai.pediscreen.telemetry.server.http.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpTimerTest {

  private final HttpTimer timer = new HttpTimer("test-timer");

  @AfterEach
  void close() {
    timer.close();
  }

  @Test
  void result_fails_whenItTakesTooLong() {
    CompletableFuture<String> result = new CompletableFuture<>();
    timer.limit(result, Duration.ofMillis(10));

    assertThatThrownBy(() -> result.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void result_isLeftAlone_whenItIsInTime() throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    timer.limit(result, Duration.ofMillis(50));
    result.complete("in time");
    CompletableFuture<String> later = new CompletableFuture<>();
    timer.after(Duration.ofMillis(100), () -> later.complete("later"));

    assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo("later");
    assertThat(result).isCompletedWithValue("in time");
  }

  @Test
  void everything_isIgnored_onceItIsClosed() {
    timer.close();
    CompletableFuture<String> result = new CompletableFuture<>();

    timer.limit(result, Duration.ZERO);
    timer.after(Duration.ZERO, () -> result.complete("run"));
    timer.everySecond(() -> result.complete("run"));

    assertThat(result).isNotDone();
  }
}
