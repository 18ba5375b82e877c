package ai.pediscreen.telemetry.server.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ImportProgressTest {

  @Test
  void rateAndTimeLeft_areThoseOfTheRunSoFar() {
    assertThat(ImportProgress.text(20_000, 20_000, 200_000, Duration.ofSeconds(10)))
        .isEqualTo("20000 events, 2000 a second, 10 % done, 1:30 left");
    assertThat(ImportProgress.text(500, 100_000, 100_000, Duration.ofMillis(250)))
        .isEqualTo("500 events, 2000 a second, 100 % done, 0:00 left");
    assertThat(ImportProgress.text(500, 7, -1, Duration.ZERO))
        .isEqualTo("500 events, 500000 a second");
  }
}
