package ai.pediscreen.telemetry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GrowingPausesTest {

  private final GrowingPauses pauses =
      new GrowingPauses(Duration.ofSeconds(5), Duration.ofSeconds(30));

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
        .isThrownBy(() -> new GrowingPauses(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GrowingPauses(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GrowingPauses(Duration.ofSeconds(2), Duration.ofDays(2)));
  }
}
