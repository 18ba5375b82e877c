package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWindowTest {

  private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

  @ParameterizedTest
  @DisplayName(
      "contract: \"`since` = now − range, cut down to the minute for 1h and 24h, to the hour for"
          + " longer ranges\"")
  @CsvSource({
    "1h,  2026-03-10T12:34:56.789012Z, 2026-03-10T11:34:00Z, 60",
    "24h, 2026-03-10T12:34:56.789012Z, 2026-03-09T12:34:00Z, 1440",
    "7d,  2026-03-10T12:34:56.789012Z, 2026-03-03T12:00:00Z, 10080",
    "30d, 2026-03-10T12:34:56.789012Z, 2026-02-08T12:00:00Z, 43200",
    "90d, 2026-03-10T12:34:56.789012Z, 2025-12-10T12:00:00Z, 129600",
    "1h,  2026-03-10T12:00:00Z,        2026-03-10T11:00:00Z, 60",
    "90d, 2026-03-10T00:00:00Z,        2025-12-10T00:00:00Z, 129600",
    "24h, 2024-03-01T00:00:59.999999Z, 2024-02-29T00:00:00Z, 1440",
  })
  void last_cutsSinceDown_whenARangeIsGiven(
      String range, Instant now, Instant since, long minutes) {
    TimeWindow window = TimeWindow.last(UsageRange.ofLabel(range).orElseThrow(), now);

    assertThat(window).isEqualTo(new TimeWindow(since, now, minutes));
    assertThat(UsageOracle.since(range, now)).isEqualTo(since);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2026-03-10T11:59:00Z",
    "5, 2026-03-10T11:55:00Z",
    "1440, 2026-03-09T12:00:00Z",
    "1441, 2026-03-09T11:00:00Z",
    "129600, 2025-12-10T12:00:00Z",
  })
  void lastMinutes_cutsToTheHour_whenLongerThanADay(long minutes, Instant since) {
    Instant now = Instant.parse("2026-03-10T12:00:30Z");

    assertThat(TimeWindow.lastMinutes(minutes, now)).isEqualTo(new TimeWindow(since, now, minutes));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 129_601, Long.MAX_VALUE})
  void lastMinutes_refuses_whenOutOfRange(long minutes) {
    assertThatThrownBy(() -> TimeWindow.lastMinutes(minutes, NOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minutes must be between 1 and 129600 but is " + minutes);
  }

  @Test
  @DisplayName("contract: \"The window is `[since, now]`\"")
  void contains_takesBothEndsIn() {
    TimeWindow window = new TimeWindow(NOON, NOON.plusSeconds(90), 1);

    assertThat(window.contains(NOON)).isTrue();
    assertThat(window.contains(NOON.plusSeconds(90))).isTrue();
    assertThat(window.contains(NOON.minusNanos(1_000))).isFalse();
    assertThat(window.contains(NOON.plusSeconds(90).plusNanos(1_000))).isFalse();
  }

  @Test
  void until_isCutToMicroseconds_whenTheClockIsFiner() {
    assertThat(TimeWindow.lastMinutes(1, NOON.plusNanos(1_999)).until())
        .isEqualTo(NOON.plusNanos(1_000));
  }

  @Test
  void days_areThoseTouchedInUtc_whateverTheJvmsZone() {
    TimeWindow window = TimeWindow.last(UsageRange.DAY, Instant.parse("2026-03-10T00:00:00Z"));

    assertThat(window.firstDay()).isEqualTo(LocalDate.parse("2026-03-09"));
    assertThat(window.lastDay()).isEqualTo(LocalDate.parse("2026-03-10"));
  }

  @Test
  void constructor_acceptsTheLongestWindow_andRefusesALongerOne() {
    Instant until = NOON.plus(90, ChronoUnit.DAYS).plus(1, ChronoUnit.HOURS);

    assertThat(new TimeWindow(NOON, until, 129_600).until()).isEqualTo(until);
    assertThatThrownBy(() -> new TimeWindow(NOON, until.plusNanos(1_000), 129_600))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("until must be at most");
  }

  @Test
  void constructor_refuses_whenEndsOrLengthAreWrong() {
    assertThatThrownBy(() -> new TimeWindow(NOON.plusSeconds(1), NOON.plusSeconds(2), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("since must be on a full minute but is 2026-03-10T12:00:01Z");
    assertThatThrownBy(() -> new TimeWindow(NOON, NOON.minusSeconds(1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("until must be");
    assertThatThrownBy(() -> new TimeWindow(NOON, NOON, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minutes must be at least 1 but is 0");
  }
}
