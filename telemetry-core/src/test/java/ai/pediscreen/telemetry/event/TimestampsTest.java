package ai.pediscreen.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's row for {@code timestamp}, phrase by phrase. */
class TimestampsTest {

  @ParameterizedTest
  @DisplayName("contract: \"ISO-8601 with an offset\"")
  @CsvSource({
    "2026-03-10T12:00:00Z, 2026-03-10T12:00:00Z",
    "2026-03-10t12:00:00z, 2026-03-10T12:00:00Z",
    "2026-03-10T12:00Z, 2026-03-10T12:00:00Z",
    "2026-03-10T12:00:00+00:00, 2026-03-10T12:00:00Z",
    "2026-03-10T12:00:00-00:00, 2026-03-10T12:00:00Z",
    "2026-03-10T12:00:00+05:30, 2026-03-10T06:30:00Z",
    "2026-03-10T12:00:00+0530, 2026-03-10T06:30:00Z",
    "2026-03-10T12:00:00-05, 2026-03-10T17:00:00Z",
    "2026-03-10T12:00:00.5-09:30, 2026-03-10T21:30:00.5Z",
    "2026-03-10T12:00:00+23:59, 2026-03-09T12:01:00Z",
    "2024-02-29T23:59:59-01:00, 2024-03-01T00:59:59Z",
  })
  void read_appliesTheOffset(String text, Instant expected) {
    assertThat(Timestamps.read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName(
      "contract: \"without one (UTC), with a space for the `T`, date only (midnight UTC)\"")
  @CsvSource({
    "2026-03-10T12:00:00, 2026-03-10T12:00:00Z",
    "2026-03-10T12:00, 2026-03-10T12:00:00Z",
    "2026-03-10 12:00:00, 2026-03-10T12:00:00Z",
    "2026-03-10 12:00:00.25+01:00, 2026-03-10T11:00:00.25Z",
    "2026-03-10 12:00:00 +01:00, 2026-03-10T11:00:00Z",
    "2026-03-10, 2026-03-10T00:00:00Z",
    "2024-02-29, 2024-02-29T00:00:00Z",
  })
  void read_assumesUtc_withoutAnOffset(String text, Instant expected) {
    assertThat(Timestamps.read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("contract: \"or a number / numeric string: Unix seconds\"")
  @CsvSource({
    "1773144000, 2026-03-10T12:00:00Z",
    "1773144000.5, 2026-03-10T12:00:00.5Z",
    "1.773144e9, 2026-03-10T12:00:00Z",
    "1773144E+3, 2026-03-10T12:00:00Z",
    ".1773144e+10, 2026-03-10T12:00:00Z",
    "1.773144E12, 2026-03-10T12:00:00Z",
    "1773144000.123456, 2026-03-10T12:00:00.123456Z",
    "1773144000.123456999, 2026-03-10T12:00:00.123456Z",
    "946684800, 2000-01-01T00:00:00Z",
    "7258118399, 2199-12-31T23:59:59Z",
  })
  void read_takesSmallNumbersAsSeconds(String number, Instant expected) {
    assertThat(Timestamps.read(number)).isEqualTo(expected);
    assertThat(Timestamps.read("+" + number)).isEqualTo(expected);
    assertThat(Timestamps.read(new BigDecimal(number))).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("contract: \"and milliseconds from 2e10 up\"")
  @CsvSource({
    "1773144000000, 2026-03-10T12:00:00Z",
    "1773144000123, 2026-03-10T12:00:00.123Z",
    "1773144000123.4567, 2026-03-10T12:00:00.123456Z",
    "946684800000, 2000-01-01T00:00:00Z",
    "7258118399999.999, 2199-12-31T23:59:59.999999Z",
  })
  void read_takesLargeNumbersAsMilliseconds(String number, Instant expected) {
    assertThat(Timestamps.read(number)).isEqualTo(expected);
    assertThat(Timestamps.read(new BigDecimal(number))).isEqualTo(expected);
  }

  @Test
  @DisplayName(
      "contract: \"or a number / numeric string\", whatever class a decoder gives a number")
  void read_takesAnyNumberClass_whenItsValueIsRight() {
    Instant noon = Instant.parse("2026-03-10T12:00:00Z");
    assertThat(
            List.<Number>of(
                1_773_144_000,
                1_773_144_000L,
                1.773144e9,
                new BigInteger("1773144000"),
                new BigDecimal("1.773144E+9"),
                1_773_144_000_000L,
                1.773144e12))
        .allSatisfy(number -> assertThat(Timestamps.read(number)).isEqualTo(noon));
    assertThat(Timestamps.read(noon.plusNanos(1_999))).isEqualTo(noon.plusNanos(1_000));
  }

  @ParameterizedTest
  @DisplayName("contract: from 2e10 up a number is milliseconds, so neither side reaches a year")
  @ValueSource(strings = {"19999999999.999999", "20000000000", "7258118400", "946684799999.999"})
  void read_refuses_whenSecondsAreTooManyOrMillisecondsTooFew(String number) {
    assertThat(Timestamps.read(number)).isNull();
    assertThat(Timestamps.read(new BigDecimal(number))).isNull();
  }

  @ParameterizedTest
  @DisplayName("contract: \"Microseconds kept, finer digits cut.\"")
  @CsvSource({
    "2026-03-10T12:00:00.123456Z, 2026-03-10T12:00:00.123456Z",
    "2026-03-10T12:00:00.000001Z, 2026-03-10T12:00:00.000001Z",
    "2026-03-10T12:00:00.1234567Z, 2026-03-10T12:00:00.123456Z",
    "2026-03-10T12:00:00.999999999Z, 2026-03-10T12:00:00.999999Z",
    "2026-03-10T12:00:00.99999999999999999999999Z, 2026-03-10T12:00:00.999999Z",
    "2026-03-10T12:00:00.1Z, 2026-03-10T12:00:00.1Z",
    "'2026-03-10T12:00:00,5Z', 2026-03-10T12:00:00.5Z",
  })
  void read_cutsToMicroseconds_whenDigitsAreFiner(String text, Instant expected) {
    assertThat(Timestamps.read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("contract: \"Years 2000–2199\"")
  @CsvSource({
    "2000-01-01T00:00:00Z, 2000-01-01T00:00:00Z",
    "1999-12-31T23:30:00-01:00, 2000-01-01T00:30:00Z",
    "2199-12-31T23:59:59.999999Z, 2199-12-31T23:59:59.999999Z",
    "2199-12-31T23:59:59.9999999Z, 2199-12-31T23:59:59.999999Z",
    "2200-01-01T00:30:00+01:00, 2199-12-31T23:30:00Z",
  })
  void read_accepts_whenTheYearInUtcIsAllowed(String text, Instant expected) {
    assertThat(Timestamps.read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("contract: \"Years 2000–2199\"; others refused")
  @ValueSource(
      strings = {
        "1999-12-31T23:59:59.999999Z",
        "2000-01-01T00:00:00+00:01",
        "2200-01-01T00:00:00Z",
        "2199-12-31T23:59:59.999999-00:01",
        "1999-12-31",
        "2200-01-01",
        "0001-01-01",
        "9999-12-31T23:59:59Z",
        "12026-03-10T12:00:00Z",
        "0",
        "-1773144000",
        "1e300",
        "99999999999999999999",
      })
  void read_refuses_whenTheYearIsNotAllowed(String text) {
    assertThat(Timestamps.read(text)).isNull();
  }

  @ParameterizedTest
  @DisplayName("contract: what is no date that a calendar has is none of the forms")
  @ValueSource(
      strings = {
        "",
        " ",
        "now",
        "2026-02-30T12:00:00Z",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-03-00",
        "2026-03-10T24:00:00Z",
        "2026-03-10T12:60:00Z",
        "2026-03-10T12:00:60Z",
        "2026-03-10T12:00:00+24:00",
        "2026-03-10T12:00:00+01:60",
        "2026-03-10T12:00:00+1:00",
        "2026-03-10T12:00:00.Z",
        "2026-03-10T12:00:00Z junk",
        "2026-03-10T12:00:00[Europe/Berlin]",
        "2026-03-10T",
        "2026-03-10Z",
        "10.03.2026",
        "٢٠٢٦-٠٣-١٠",
        "1773144000 s",
        "1_773_144_000",
        "0x69B01F40",
        "NaN",
        "Infinity",
      })
  void read_refuses_textsOfAnotherForm(String text) {
    assertThat(Timestamps.read(text)).isNull();
  }

  @Test
  @DisplayName("contract: \"A wrong type is refused, never guessed (… `true` no number).\"")
  void read_refuses_whenTheTypeIsNeitherTextNorNumber() {
    assertThat(List.<Object>of(true, List.of(1_773_144_000), Map.of("s", 1), Double.NaN, 1e300))
        .allSatisfy(value -> assertThat(Timestamps.read(value)).isNull());
    assertThat(Timestamps.read(Double.POSITIVE_INFINITY)).isNull();
    assertThat(Timestamps.read(new BigDecimal("1e999999999"))).isNull();
    assertThat(Timestamps.read(new BigDecimal("1e-999999999"))).isNull();
  }

  @Test
  void read_isFast_forVeryLongTexts() {
    assertThat(Timestamps.read("1".repeat(1_000_000))).isNull();
    assertThat(Timestamps.read("2026-03-10T12:00:00." + "9".repeat(1_000_000))).isNull();
  }
}
