package ai.pediscreen.telemetry.server.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerJsonTest {

  @ParameterizedTest
  @CsvSource({
    "2026-03-09T13:00:00Z, 2026-03-09T13:00:00+00:00",
    "2026-03-09T13:00:00.5Z, 2026-03-09T13:00:00.500000+00:00",
    "2026-03-08T23:59:59.999999Z, 2026-03-08T23:59:59.999999+00:00",
    "2026-03-08T23:59:59.000000999Z, 2026-03-08T23:59:59+00:00"
  })
  void timestamps_areWrittenAsTheReplacedServiceDid(Instant instant, String written) {
    assertThat(AnswerJson.timestamp(instant)).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "0.000000, 0.0",
    "0.500000, 0.5",
    "100.00, 100.0",
    "0.00001, 0.00001",
    "0.0000000001, 0.0000000001",
    "1E+6, 1000000.0",
    "1000000000000.000001, 1000000000000.000001"
  })
  void decimals_areExact_andWithoutExponent(BigDecimal value, String written) {
    byte[] json = AnswerJson.bytes(AnswerJson.object().put("cost", AnswerJson.decimal(value)));

    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"cost\":" + written + "}");
  }
}
