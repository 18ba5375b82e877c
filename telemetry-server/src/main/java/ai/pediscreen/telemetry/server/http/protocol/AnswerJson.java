package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.event.Tokens;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** How answers are written: the forms that every route shares. */
public final class AnswerJson {

  public static final String CONTENT_TYPE = "application/json";

  private static final ObjectWriter WRITER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build().writer();

  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'");
  private static final DateTimeFormatter TO_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'");

  private AnswerJson() {}

  /** Tokens by kind; what is cached is a part of the input, and reasoning of the output. */
  public static ObjectNode tokens(Tokens tokens) {
    return object()
        .put("input", tokens.input())
        .put("cache_read", tokens.cacheRead())
        .put("cache_write", tokens.cacheWrite())
        .put("output", tokens.output())
        .put("reasoning", tokens.reasoning());
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static byte[] bytes(JsonNode answer) {
    try {
      return WRITER.writeValueAsBytes(answer);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree of plain nodes can always be written", e);
    }
  }

  /**
   * An instant as the replaced service wrote it: {@code 2026-03-09T13:00:00+00:00}, with six digits
   * of a fraction only when it is not zero. Finer digits are cut.
   */
  public static String timestamp(Instant instant) {
    OffsetDateTime time = instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    return time.format(time.getNano() == 0 ? TO_SECONDS : TO_MICROS);
  }

  /**
   * A decimal without needless zeros, but with one place at least: {@code 0.5}, {@code 100.0}. It
   * is written in full, never with an exponent.
   */
  public static BigDecimal decimal(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    return shortest.scale() < 1 ? shortest.setScale(1) : shortest;
  }
}
