package ai.pediscreen.telemetry.server.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final RetryAfter hint = new RetryAfter(now::get);

  @Test
  void retryAfter_growsWhileRequestsAreRefused_andThenResets() {
    assertThat(hint.seconds()).isEqualTo(1);
    after(Duration.ofMillis(1_900));
    assertThat(hint.seconds()).isEqualTo(1);
    after(Duration.ofMillis(2_200));
    assertThat(hint.seconds()).isEqualTo(3);
    for (int i = 0; i < 60; i++) {
      after(Duration.ofSeconds(2));
      hint.seconds();
    }
    assertThat(hint.seconds()).isEqualTo(RetryAfter.MAX_SECONDS);

    after(Duration.ofSeconds(RetryAfter.MAX_SECONDS + 6));
    assertThat(hint.seconds()).isEqualTo(1);
  }

  @Test
  void retryAfter_growsForALoneSender_thatWaitsAsItIsTold_andThenFiveSecondsForItsAnswer() {
    int before = 0;
    for (int told = hint.seconds(); told < RetryAfter.MAX_SECONDS; told = hint.seconds()) {
      assertThat(told).isGreaterThan(before);
      before = told;
      after(Duration.ofSeconds(told + 5));
    }
  }

  private void after(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
