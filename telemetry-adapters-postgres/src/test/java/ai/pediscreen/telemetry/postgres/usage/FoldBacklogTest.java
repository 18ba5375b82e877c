package ai.pediscreen.telemetry.postgres.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FoldBacklogTest {

  private final FoldBacklog backlog = new FoldBacklog();

  @Test
  void nobodyWaits_whenNoMoreIsPendingThanIsAllowed() {
    assertThat(backlog.delay(1_000_000)).isZero();

    backlog.measured(FoldBacklog.ALLOWED_BYTES);

    assertThat(backlog.delay(1_000_000)).isZero();
  }

  @Test
  void writersWaitForWhatTheyAdd_whenTwiceWhatIsAllowedIsPending() {
    backlog.measured(2 * FoldBacklog.ALLOWED_BYTES);

    assertThat(backlog.delay(3_000)).isEqualTo(Duration.ofMillis(10));
    assertThat(backlog.delay(60_000)).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void writersWaitLonger_whenMoreIsPending() {
    backlog.measured(5 * FoldBacklog.ALLOWED_BYTES);

    assertThat(backlog.delay(3_000)).isEqualTo(Duration.ofMillis(40));
  }

  @Test
  void nobodyWaitsForMoreThanHalfASecond() {
    backlog.measured(Long.MAX_VALUE);

    assertThat(backlog.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void nobodyWaits_whenTheBacklogIsGone() {
    backlog.measured(5 * FoldBacklog.ALLOWED_BYTES);
    backlog.measured(0);

    assertThat(backlog.delay(1_000_000)).isZero();
  }
}
