package ai.pediscreen.telemetry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ExponentialBackoffTest {

  private final ExponentialBackoff pauses =
      new ExponentialBackoff(Duration.ofSeconds(5), Duration.ofSeconds(30));

  @Test
  void pauses_double_upToTheLongest() {
    assertThat(pauses.after(1)).hasSeconds(5);
    assertThat(pauses.after(2)).hasSeconds(10);
    assertThat(pauses.after(3)).hasSeconds(20);
    assertThat(pauses.after(4)).hasSeconds(30);
    assertThat(pauses.after(Integer.MAX_VALUE)).hasSeconds(30);
  }

  @Test
  void pauses_areRefused_whenTheyDoNotGrow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofDays(2)));
  }
}
