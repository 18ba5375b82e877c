package ai.pediscreen.telemetry.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LineEncoderTest {

  /** All that a sender could try to begin a line or move a cursor with. */
  private static final String FORGED =
      "m\n"
          + "2026-01-01T00:00:00.000Z INFO  Main: all is well\r"
          + "\t\u001b[2K\u0007\u0085\u009b1m\u2028\u2029\u202e{\"severity\":\"INFO\"}";

  private static final Logger LOG = LoggerFactory.getLogger(LineEncoderTest.class);

  private final ConsoleEncoder people = new ConsoleEncoder();
  private final CloudLoggingEncoder cloud = new CloudLoggingEncoder("pedi-telemetry", "1.2.3");

  @Test
  void consoleLine_hasTimeLevelLoggerRequestAndMessage() {
    ILoggingEvent event =
        logged(() -> TraceContext.run("abc", () -> LOG.warn("model {} is late", "m-1")));
    assertThat(people.lines(event))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z WARN  LineEncoderTest"
                + " \\[abc\\]: model m-1 is late\\n");
    assertThat(people.lines(logged(() -> LOG.error("no request"))))
        .contains("ERROR LineEncoderTest: no request");
  }

  @Test
  @DisplayName(
      "ENV=production: one JSON object a line in Google Cloud Logging's format (severity, message,"
          + " logging.googleapis.com/trace, serviceContext)")
  void cloudLoggingLine_isOneObjectWithItsFields() {
    Instant before = Instant.now();
    ILoggingEvent event =
        logged(
            () -> TraceContext.run("abc", () -> LOG.error("it failed", new IOException("disk"))));
    JsonNode json = json(cloud.lines(event));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "severity",
            "time",
            "message",
            "logging.googleapis.com/trace",
            "logger",
            "thread",
            "serviceContext",
            "stack_trace");
    assertThat(json.path("severity").textValue()).isEqualTo("ERROR");
    assertThat(json.path("message").textValue()).isEqualTo("it failed");
    assertThat(json.path("logging.googleapis.com/trace").textValue()).isEqualTo("abc");
    assertThat(json.path("serviceContext").path("service").textValue()).isEqualTo("pedi-telemetry");
    assertThat(json.path("serviceContext").path("version").textValue()).isEqualTo("1.2.3");
    assertThat(json.path("stack_trace").textValue())
        .startsWith("java.io.IOException: disk\n\tat " + getClass().getName());
    assertThat(Instant.parse(json.path("time").textValue()))
        .isBetween(before.minusMillis(1), Instant.now());
  }

  @Test
  void cloudLoggingLine_hasItsLevelNames() {
    for (String[] pair :
        new String[][] {
          {"TRACE", "DEBUG"},
          {"DEBUG", "DEBUG"},
          {"INFO", "INFO"},
          {"WARN", "WARNING"},
          {"ERROR", "ERROR"}
        }) {
      ILoggingEvent event =
          loggedAt(
              Level.TRACE,
              () -> LOG.atLevel(org.slf4j.event.Level.valueOf(pair[0])).log("something"));
      assertThat(json(cloud.lines(event)).path("severity").textValue()).isEqualTo(pair[1]);
    }
  }

  @Test
  @DisplayName("control characters and line breaks neutralised")
  void sentValue_cannotForgeALine() {
    ILoggingEvent event =
        logged(
            () ->
                TraceContext.run(
                    FORGED,
                    () -> LOG.warn("{} and {}", FORGED, FORGED, new IOException(FORGED, null))));
    String[] lines = people.lines(event).stripTrailing().split("[\\n\\r\\u0085\\u2028\\u2029]", -1);
    assertThat(lines[0]).contains("WARN  LineEncoderTest [m 2026");
    assertThat(lines[1]).startsWith("java.io.IOException: m 2026");
    assertThat(lines).hasSizeGreaterThan(2);
    assertThat(lines).filteredOn(line -> line.startsWith("2026")).hasSize(1).contains(lines[0]);
    for (int i = 2; i < lines.length; i++) {
      assertThat(lines[i]).startsWith("\t");
    }

    String cloudLine = cloud.lines(event);
    assertThat(cloudLine.chars().filter(c -> c < ' ' || c > '~').toArray()).containsExactly('\n');
    JsonNode json = json(cloudLine);
    assertThat(json.path("message").textValue())
        .isEqualTo(json.path("message").textValue().strip());
    assertThat(json.path("message").textValue().chars()).noneMatch(Character::isISOControl);
    for (String text : new String[] {people.lines(event), json.toString()}) {
      assertThat(text.replace("\n", "").replace("\t", "").chars())
          .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202e);
    }
  }

  @Test
  void traceId_followsWorkIntoAnotherThread_andIsThenCleared() {
    ILoggingEvent event =
        logged(
            () ->
                TraceContext.executor("abc", Runnable::run)
                    .execute(() -> LOG.warn("still the same")));
    assertThat(LineEncoder.traceId(event)).isEqualTo("abc");
    assertThat(LineEncoder.traceId(logged(() -> LOG.warn("another")))).isNull();
    ILoggingEvent nested =
        logged(
            () ->
                TraceContext.run(
                    "outer",
                    () -> {
                      TraceContext.run("inner", () -> {});
                      LOG.warn("back");
                    }));
    assertThat(LineEncoder.traceId(nested)).isEqualTo("outer");
  }

  private static ILoggingEvent logged(Runnable statement) {
    return loggedAt(null, statement);
  }

  private static ILoggingEvent loggedAt(@Nullable Level level, Runnable statement) {
    ch.qos.logback.classic.Logger logger = (ch.qos.logback.classic.Logger) LOG;
    logger.setLevel(level);
    try (LogCapture log = new LogCapture()) {
      statement.run();
      return log.events().get(0);
    } finally {
      logger.setLevel(null);
    }
  }

  private static JsonNode json(String line) {
    assertThat(line).endsWith("}\n");
    assertThat(line.lines()).hasSize(1);
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
