package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClockCheckTest {

  @ParameterizedTest
  @CsvSource({
    "0, OK, agrees with the database's",
    "1000, OK, agrees with the database's",
    "1001, WARN, 1.0 s ahead of the database's",
    "-1001, WARN, 1.0 s behind the database's",
    "30000, WARN, 30.0 s ahead of the database's",
    "30001, FAIL, 30.0 s ahead of the database's",
    "-3600000, FAIL, 3600.0 s behind the database's",
  })
  void clockDifference_isJudgedByItsSize(long millis, Finding.Level level, String found) {
    assertThat(new ClockCheck(Duration.ofMillis(millis)).check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.level()).isEqualTo(level))
        .satisfies(finding -> assertThat(finding.found()).isEqualTo(found));
  }
}
