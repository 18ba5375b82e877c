package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
  void last_roundsSinceDown(String range, Instant now, Instant since, long minutes) {
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
  void lastMinutes_roundsToTheHour_whenLongerThanADay(long minutes, Instant since) {
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
  void contains_includesBothEnds() {
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
    Instant until = NOON.plus(400, ChronoUnit.DAYS);

    assertThat(new TimeWindow(NOON, until, 576_000).until()).isEqualTo(until);
    assertThatThrownBy(() -> new TimeWindow(NOON, until.plusNanos(1_000), 576_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("until must be at most");
  }

  @ParameterizedTest
  @CsvSource({
    // Within two days: minutes. Up to an hour is drawn by minute.
    "2026-03-10T11:10:30Z, 2026-03-10T11:40:10Z, 2026-03-10T11:10:00Z, 2026-03-10T11:41:00Z,"
        + " MINUTE",
    "2026-03-10T06:10:00Z, 2026-03-10T11:40:00Z, 2026-03-10T06:10:00Z, 2026-03-10T11:40:00Z, HOUR",
    // Older: hours, and never drawn by minute.
    "2026-03-01T11:10:30Z, 2026-03-01T11:40:10Z, 2026-03-01T11:00:00Z, 2026-03-01T12:00:00Z, HOUR",
    "2026-02-01T11:10:30Z, 2026-03-01T11:40:10Z, 2026-02-01T11:00:00Z, 2026-03-01T12:00:00Z, DAY",
    // Older than 99 days: days.
    "2025-06-01T11:10:30Z, 2025-06-01T11:40:10Z, 2025-06-01T00:00:00Z, 2025-06-02T00:00:00Z, DAY",
  })
  void between_isAsExactAsCountsOfItsAge(
      Instant from, Instant to, Instant since, Instant end, UsageStep step) {
    TimeWindow window = TimeWindow.between(from, to, NOON);

    assertThat(window.since()).isEqualTo(since);
    assertThat(window.until()).isEqualTo(end.minus(1, ChronoUnit.MICROS));
    assertThat(window.minutes()).isEqualTo(ChronoUnit.MINUTES.between(since, end));
    assertThat(UsageStep.of(window)).isEqualTo(step);
  }

  @Test
  void between_endsNow_whenItWouldEndLater() {
    assertThat(TimeWindow.between(NOON.minusSeconds(60), NOON.plusSeconds(60), NOON).until())
        .isEqualTo(NOON);
  }

  @Test
  void between_refusesEmptyTooLongOrFutureWindows() {
    assertThatThrownBy(() -> TimeWindow.between(NOON, NOON, NOON))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TimeWindow.between(NOON.plusSeconds(1), NOON.plusSeconds(2), NOON))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TimeWindow.between(NOON.minus(402, ChronoUnit.DAYS), NOON, NOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("400 days");
  }

  @ParameterizedTest
  @EnumSource(UsageRange.class)
  void before_endsWhereTheWindowBegins_orBefore(UsageRange range) {
    TimeWindow window = TimeWindow.last(range, NOON);

    TimeWindow before = window.before(NOON);

    assertThat(before.until()).isBefore(window.since());
    assertThat(Duration.between(before.until(), window.since()).toDays()).isZero();
    assertThat(before.minutes()).isBetween(window.minutes() - 1_440, window.minutes() + 2_880);
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
