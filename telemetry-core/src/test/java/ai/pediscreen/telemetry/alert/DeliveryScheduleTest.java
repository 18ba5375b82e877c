package ai.pediscreen.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryScheduleTest {

  private static final Instant AT = Instant.parse("2026-03-10T12:00:00Z");

  private final DeliverySchedule schedule = new DeliverySchedule(new Random(7));

  @Test
  void pause_growsToAQuarterOfAnHour_withJitter() {
    Set<Duration> pauses = new HashSet<>();
    for (int attempts = 1; attempts <= 100; attempts++) {
      Duration pause = schedule.after(AT, attempts, AT.plusSeconds(1)).orElseThrow();
      long most = Math.min(15 * 60_000L, 10_000L << Math.min(attempts - 1, 20));
      assertThat(pause.toMillis()).isBetween(most / 2, most);
      pauses.add(pause);
    }
    assertThat(pauses).hasSizeGreaterThan(90);
  }

  @Test
  void messageIsGivenUp_afterADay() {
    assertThat(schedule.after(AT, 50, AT.plus(Duration.ofDays(1)).minusNanos(1))).isPresent();
    assertThat(schedule.after(AT, 50, AT.plus(Duration.ofDays(1)))).isEmpty();
  }
}
