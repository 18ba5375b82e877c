package ai.pediscreen.telemetry.server.otlp;

import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Spans or log records as a framework documents them, with the event that each becomes; and the
 * same as a request of OTLP in JSON.
 */
public final class Fixture {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START_NANOS = 1_773_143_940_123_456_789L;
  private static final long LATENCY_NANOS = 1_250_999_999L;

  private final JsonNode document;
  private final OtlpSignal signal;

  private Fixture(JsonNode document) {
    this.document = document;
    this.signal =
        OtlpSignal.valueOf(document.path("signal").asText("traces").toUpperCase(Locale.ROOT));
  }

  /** The file of this name in the test's resources. */
  public static Fixture of(String name) {
    String resource = "/otlp/" + name + ".json";
    try (InputStream in =
        Objects.requireNonNull(Fixture.class.getResourceAsStream(resource), resource)) {
      return new Fixture(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  public OtlpSignal signal() {
    return signal;
  }

  /** What is said of each record, in order: {@code event} or {@code ignored}. */
  public JsonNode records() {
    return document.path("records");
  }

  /** The request of OTLP, in JSON. */
  public ObjectNode request() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode group = request.putArray(signal.groupsName()).addObject();
    group.putObject("resource").set("attributes", attributes(document.path("resource")));
    ArrayNode records =
        group.putArray(signal.scopesName()).addObject().putArray(signal.recordsName());
    for (JsonNode record : records()) {
      records.add(signal == OtlpSignal.TRACES ? span(record, records.size()) : log(record));
    }
    return request;
  }

  /** The id of the span at this place. */
  public static String eventId(int index) {
    return "5b8efff798038103d269b633813fc60c%016x".formatted(index + 1);
  }

  private static ObjectNode span(JsonNode record, int index) {
    ObjectNode span = JsonNodeFactory.instance.objectNode();
    span.put("traceId", eventId(index).substring(0, 32));
    span.put("spanId", eventId(index).substring(32));
    span.put("name", "secret words");
    span.put("startTimeUnixNano", Long.toString(START_NANOS));
    span.put("endTimeUnixNano", START_NANOS + LATENCY_NANOS);
    span.set("attributes", attributes(record.path("attributes")));
    if (record.has("status")) {
      span.putObject("status")
          .put("code", record.path("status").intValue())
          .put("message", "secret words");
    }
    if (record.has("exception")) {
      ObjectNode values = JsonNodeFactory.instance.objectNode();
      values.set("exception.type", record.get("exception"));
      values.put("exception.message", "secret words");
      span.putArray("events")
          .addObject()
          .put("name", "exception")
          .set("attributes", attributes(values));
    }
    return span;
  }

  private static ObjectNode log(JsonNode record) {
    ObjectNode log = JsonNodeFactory.instance.objectNode();
    log.put("timeUnixNano", Long.toString(START_NANOS));
    log.putObject("body").put("stringValue", "secret words");
    log.set("attributes", attributes(record.path("attributes")));
    if (record.has("eventName")) {
      log.set("eventName", record.get("eventName"));
    }
    return log;
  }

  private static ArrayNode attributes(JsonNode values) {
    ArrayNode attributes = JsonNodeFactory.instance.arrayNode();
    values
        .properties()
        .forEach(
            entry -> {
              ObjectNode value =
                  attributes.addObject().put("key", entry.getKey()).putObject("value");
              if (entry.getValue().isTextual()) {
                value.put("stringValue", entry.getValue().textValue());
              } else {
                value.put("intValue", entry.getValue().asText());
              }
            });
    return attributes;
  }
}
