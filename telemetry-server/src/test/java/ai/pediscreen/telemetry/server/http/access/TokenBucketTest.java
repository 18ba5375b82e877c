package ai.pediscreen.telemetry.server.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {

  private static final long SECOND = 1_000_000_000;

  /** Close to where the clock of the machine turns over. */
  private static final long START = turningOver();

  private final TokenBucket bucket = new TokenBucket(10, 20, START);

  @Test
  void tokens_refillAtTheRate_upToTheCapacity() {
    for (int i = 0; i < 20; i++) {
      assertThat(bucket.tryTakeOne(START)).isTrue();
    }
    assertThat(bucket.tryTakeOne(START)).isFalse();
    assertThat(bucket.secondsUntilOne(START)).isEqualTo(1);
    assertThat(bucket.secondsUntilFull(START)).isEqualTo(2);

    assertThat(bucket.remaining(START + SECOND)).isEqualTo(10);
    assertThat(bucket.isFull(START + SECOND)).isFalse();
    assertThat(bucket.remaining(START + 100 * SECOND)).isEqualTo(20);
    assertThat(bucket.isFull(START + 100 * SECOND)).isTrue();
  }

  @Test
  void overdraft_isPaidBack() {
    bucket.take(100, START);

    assertThat(bucket.remaining(START)).isZero();
    assertThat(bucket.secondsUntilOne(START)).isEqualTo(9);
    assertThat(bucket.hasOne(START + 8 * SECOND)).isFalse();
    assertThat(bucket.hasOne(START + 9 * SECOND)).isTrue();
  }

  @Test
  void stoppedOrBackwardClock_addsNoTokens() {
    bucket.take(20, START);

    assertThat(bucket.hasOne(START - 50 * SECOND)).isFalse();
    assertThat(bucket.hasOne(START)).isFalse();
  }

  @Test
  void zeroRate_isRefused() {
    assertThatThrownBy(() -> new TokenBucket(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(1, Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long turningOver() {
    return Long.MAX_VALUE - SECOND;
  }
}
