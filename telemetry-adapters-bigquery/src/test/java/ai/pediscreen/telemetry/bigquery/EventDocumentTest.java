package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.pediscreen.telemetry.event.Tokens;
import com.google.gson.JsonParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventDocumentTest {

  @Test
  void fields_areThoseOfTheEvent_itsModelAndItsResponse() {
    EventDocument document =
        new EventDocument(
            """
            {"model": {"x": {"provider": "deeper", "y": [1]}, "provider": "p"},
             "model.provider": "no path", "list": [{"app": "in a list"}, "a", 1], "app": "é\\u00e9",
             "response": {"latency_ms": 86400000, "status_code": null, "provider": "r"},
             "region": true, "cost_estimate_usd": 0.10, "case_id": "c"}
            """);
    assertThat(document.model().text("provider")).isEqualTo("p");
    assertThat(document.model().text("y")).isNull();
    assertThat(document.response().text("provider")).isEqualTo("r");
    assertThat(document.response().whole("latency_ms")).isEqualTo(86_400_000L);
    assertThat(document.response().whole("status_code")).isNull();
    assertThat(document.event().text("app")).isEqualTo("éé");
    assertThat(document.event().text("provider")).isNull();
    assertThat(document.event().text("region")).isNull();
    assertThat(document.event().text("case_id")).isEqualTo("c");
    assertThat(document.event().whole("case_id")).isNull();
    assertThat(document.event().decimal("cost_estimate_usd")).isEqualTo(new BigDecimal("0.10"));
    assertThat(document.event().whole("cost_estimate_usd")).isNull();
  }

  @Test
  void tokens_areThoseOfTheRequestAndTheResponse() {
    EventDocument document =
        new EventDocument(
            """
            {"request": {"input_tokens": 130213, "cache_read_input_tokens": 128955.0,
                "cache_creation_input_tokens": 1253, "deeper": {"input_tokens": 1}},
             "response": {"output_tokens": 300, "reasoning_output_tokens": "100"},
             "output_tokens": 7}
            """);
    assertThat(document.tokens()).isEqualTo(new Tokens(130_213, 128_955, 1_253, 300, 0));
    assertThat(new EventDocument("{}").tokens().isNone()).isTrue();
  }

  @Test
  void listInPlaceOfAPart_hasNoFields() {
    EventDocument document = new EventDocument("{\"model\": [{\"provider\": \"p\"}, \"q\"]}");
    assertThat(document.model().text("provider")).isNull();
    assertThat(document.event().text("model")).isNull();
  }

  @Test
  void cost_isExact_howeverItIsWritten() {
    assertThat(cost("1")).isEqualTo(BigDecimal.ONE);
    assertThat(cost("0.1000000000000000055511151231257827"))
        .isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
    assertThat(cost("92233720368547758070")).isEqualTo(new BigDecimal("92233720368547758070"));
    assertThat(cost("\"1\"")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\" : [ 1 , 2.50, -0.0, {\"b\": null}], \"c\": \"1e400 \\u0041 \\\" \\\\ ü"
            + " \\uD83D\\uDE00 😀\"}",
        "{\"a\": 9223372036854775807, \"b\": -9223372036854775808, \"c\": 18446744073709551615}",
        "{\"a\": 123456789.12345, \"b\": 0.0000000000001}"
      })
  void valueThatAColumnCanHold_isUnchanged(String json) {
    assertThat(new EventDocument(json).payload().toStringUtf8()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          18446744073709551616                 | 1.8446744073709552E19
          -9223372036854775809                 | -9.223372036854775808E18
          0.1000000000000000055511151231257827 | 0.1
          1234567890.1234567                   | 1.2345678901234567E9
          1e2                                  | 100.0
          1.23456789E-320                      | 1.23456789E-320
          """)
  void numberThatAColumnCannotHold_isRounded(String in, String out) {
    String around = "{\"ü\": [\"%s\", %s, \"1.00000000000000000001\"], \"n\": %s, \"z\": 1}";
    assertThat(new EventDocument(around.formatted(in, in, in)).payload().toStringUtf8())
        .isEqualTo(around.formatted(in, Double.valueOf(out), Double.valueOf(out)));
  }

  @Test
  void numbers_areTheSame_orTheNearestDouble() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal number =
          new BigDecimal(new BigInteger(random.nextInt(1, 120), random))
              .movePointLeft(random.nextInt(-20, 40));
      String text = random.nextBoolean() ? number.toPlainString() : number.toString();
      String payload = new EventDocument("{\"n\":" + text + "}").payload().toStringUtf8();
      BigDecimal kept =
          JsonParser.parseString(payload).getAsJsonObject().get("n").getAsBigDecimal();
      if (kept.compareTo(number) != 0) {
        assertThat(kept)
            .as("%s, seed %d", text, seed)
            .isEqualByComparingTo(BigDecimal.valueOf(number.doubleValue()));
      }
      assertThat(FakeTable.jsonFault(payload)).as("%s, seed %d", text, seed).isNull();
    }
  }

  /** Names whose hashes are equal, as somebody may choose them to hold up whoever reads them. */
  @Test
  void collidingNames_areReadLikeOthers() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 4_096; i++) {
      for (int bit = 0; bit < 12; bit++) {
        json.append(bit == 0 ? "\"" : "").append((i >> bit & 1) == 0 ? "Aa" : "B@");
      }
      json.append("\": ").append(i).append(", ");
    }
    String event = json.append("\"app\": \"a\"}").toString();
    EventDocument document = new EventDocument(event);
    assertThat(document.event().text("app")).isEqualTo("a");
    assertThat(document.payload().toStringUtf8()).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{\"secret\": }", "{\"secret\": 1", "{\"secret\": [1}"})
  void nonObject_isRefused_andNotQuoted(String json) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new EventDocument(json))
        .withMessageNotContaining("secret")
        .withNoCause();
  }

  private static @Nullable BigDecimal cost(String json) {
    return new EventDocument("{\"cost_estimate_usd\": " + json + "}")
        .event()
        .decimal("cost_estimate_usd");
  }
}
