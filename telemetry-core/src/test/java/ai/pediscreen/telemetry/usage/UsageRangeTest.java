package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageRangeTest {

  @ParameterizedTest
  @DisplayName("contract: \"`range` = `1h 24h 7d` (default) `30d 90d`, upper or lower case\"")
  @CsvSource({"1h, PT1H", "24h, PT24H", "7d, PT168H", "30d, PT720H", "90d, PT2160H"})
  void ofLabel_findsTheRange_whateverTheCase(String label, Duration length) {
    assertThat(UsageRange.ofLabel(label)).map(UsageRange::length).contains(length);
    assertThat(UsageRange.ofLabel(label.toUpperCase(Locale.ROOT)))
        .map(UsageRange::label)
        .contains(label);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1d", "7d ", "07d", "7", "week", "HOUR", "٧d"})
  void ofLabel_isEmpty_whenThereIsNoSuchRange(String label) {
    assertThat(UsageRange.ofLabel(label)).isEmpty();
  }

  @Test
  void labels_nameAllRanges_forAMessage() {
    assertThat(UsageRange.labels()).isEqualTo("1h, 24h, 7d, 30d, 90d");
  }
}
