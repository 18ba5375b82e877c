package ai.pediscreen.telemetry.export;

import static ai.pediscreen.telemetry.export.ExportException.Reason.QUOTA_EXCEEDED;
import static ai.pediscreen.telemetry.export.ExportException.Reason.RATE_LIMITED;
import static ai.pediscreen.telemetry.export.ExportException.Reason.REFUSED;
import static ai.pediscreen.telemetry.export.ExportException.Reason.SERVER_ERROR;
import static ai.pediscreen.telemetry.export.ExportException.Reason.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExportBackoffTest {

  private static final int DRAWS = 2_000;

  private final ExportBackoff backoff = new ExportBackoff(new Random(7));

  @ParameterizedTest
  @EnumSource(names = {"RATE_LIMITED", "SERVER_ERROR", "UNREACHABLE"})
  void transientFailure_waitsARandomTime_upToABoundThatDoubles(ExportException.Reason reason) {
    assertSpread(reason, 1, 0, 0.5);
    assertSpread(reason, 2, 0, 1);
    assertSpread(reason, 7, 0, 32);
    assertSpread(reason, 8, 0, 60);
    assertSpread(reason, 1_000_000, 0, 60);
  }

  @Test
  void exceededQuota_waitsMinutes() {
    assertSpread(QUOTA_EXCEEDED, 1, 60, 120);
    assertSpread(QUOTA_EXCEEDED, 2, 60, 240);
    assertSpread(QUOTA_EXCEEDED, 50, 60, 960);
  }

  @Test
  void refusal_waitsFiveMinutes() {
    assertThat(backoff.after(REFUSED, 1)).isEqualTo(Duration.ofMinutes(5));
    assertThat(backoff.after(REFUSED, 9)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void failures_mustBeAtLeastOne() {
    assertThatIllegalArgumentException().isThrownBy(() -> backoff.after(RATE_LIMITED, 0));
    assertThat(backoff.after(SERVER_ERROR, 1)).isPositive();
    assertThat(backoff.after(UNREACHABLE, 1)).isPositive();
  }

  /** All within the bounds, and spread over them. */
  private void assertSpread(
      ExportException.Reason reason, int failures, double minSeconds, double maxSeconds) {
    DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
    for (int i = 0; i < DRAWS; i++) {
      seconds.accept(backoff.after(reason, failures).toNanos() / 1e9);
    }
    double width = maxSeconds - minSeconds;
    assertThat(seconds.getMin()).isBetween(minSeconds, minSeconds + width / 20);
    assertThat(seconds.getMax()).isBetween(maxSeconds - width / 20, maxSeconds);
    assertThat(seconds.getAverage())
        .isBetween(minSeconds + width * 0.45, maxSeconds - width * 0.45);
  }
}
