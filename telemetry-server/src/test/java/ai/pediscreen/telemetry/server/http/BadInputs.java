package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The catalogue of bad inputs: what is sent, and what it is answered with. */
final class BadInputs {

  static final String TIME = "2026-03-10T12:00:00Z";

  private static final String EVENT = "{\"event_id\":\"e\",\"timestamp\":\"" + TIME + "\"%s}";
  private static final String NDJSON = "application/x-ndjson";

  private final List<BadInput> inputs = new ArrayList<>();

  private BadInputs() {}

  /**
   * One of them.
   *
   * @param latin1 the body, each byte a character
   */
  record BadInput(
      String name,
      String method,
      String path,
      String latin1,
      List<String> headers,
      int status,
      String errorCode,
      @Nullable String field) {

    byte[] body() {
      return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<BadInput> all() {
    BadInputs all = new BadInputs();
    all.identifiers();
    all.timestamps();
    all.texts();
    all.objects();
    all.numbers();
    all.values();
    all.documents();
    all.batches();
    all.encodings();
    all.questions();
    all.otherRoutes();
    return all.inputs;
  }

  private void identifiers() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "number", "1",
                "true", "true",
                "array", "[]",
                "object", "{}",
                "null", "null",
                "empty", "\"\"",
                "blank", "\"  \"",
                "invisible", "\"\\u200b\\ufeff\"",
                "control", "\"a\\u0007b\"",
                "NUL", "\"a\\u0000b\"")
            .entrySet()) {
      invalid("event_id " + wrong.getKey(), "event_id", wrong.getValue());
    }
    invalid("event_id too long", "event_id", text(129));
    invalid("event_id invisible within", "event_id", "\"a\\u200bb\"");
    invalid("event_id lone surrogate", "event_id", "\"a\\ud800b\"");
    invalid("event_id e-mail address", "event_id", "\"jane.roe@example.org\"");
    raw("no event_id", "{\"timestamp\":\"" + TIME + "\"}", 422, "INVALID_FIELD", "event_id");
    raw("no timestamp", "{\"event_id\":\"e\"}", 422, "INVALID_FIELD", "timestamp");
    invalid("org_id invisible within", "org_id", "\"a\\u200bb\"");
    invalid("org_id phone number", "org_id", "\"(415) 555-2671\"");
  }

  private void timestamps() {
    for (String wrong :
        List.of(
            "true",
            "null",
            "[]",
            "{}",
            "-1",
            "0",
            "1e300",
            "1e-300",
            "\"\"",
            "\"yesterday\"",
            "\"10/03/2026\"",
            "\"2026-13-01\"",
            "\"2026-02-30T00:00:00Z\"",
            "\"2026-03-10T24:00:01Z\"",
            "\"2026-03-10T12:60:00Z\"",
            "\"2026-03-10T12:00:00+25:00\"",
            "\"1999-12-31T23:59:59Z\"",
            "\"2200-01-01T00:00:00Z\"",
            "\"12026-03-10T12:00:00Z\"",
            "\"2026-03-10T12:00:00Z and more\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"1e999999999\"",
            "99999999999999999999")) {
      invalid("timestamp " + wrong, "timestamp", wrong);
    }
  }

  private void texts() {
    for (String field : List.of("app", "user_id", "case_id", "region", "agent", "trace_id")) {
      for (String wrong : List.of("1", "false", "[]", "{}", text(129), "\"a\\u0000b\"")) {
        invalid(field + " " + shortened(wrong), field, wrong);
      }
    }
    for (String field : List.of("model_id", "adapter_id")) {
      inner("model", field, "1");
      inner("model", field, "[\"a\"]");
      inner("model", field, text(257));
    }
    inner("model", "provider", text(65));
    inner("response", "fallback_to", text(257));
    inner("response", "fallback_to", "{}");
    inner("response", "error_code", text(129));
    inner("response", "error_code", "503");
  }

  private void objects() {
    for (String field : List.of("model", "request", "response")) {
      for (String wrong : List.of("\"text\"", "1", "true", "[]", "[{}]")) {
        invalid(field + " " + wrong, field, wrong);
      }
    }
  }

  private void numbers() {
    for (String wrong :
        List.of("\"12\"", "true", "[]", "{}", "-1", "-0.1", "86400001", "1e300", "1e-400")) {
      inner("response", "latency_ms", wrong);
    }
    for (String wrong : List.of("\"200\"", "true", "-1", "1000", "200.5", "1e10", "[200]")) {
      inner("response", "status_code", wrong);
    }
    for (String wrong :
        List.of("\"much\"", "true", "[]", "-0.01", "1000001", "\"NaN\"", "\"-1\"", "\"1e99\"")) {
      invalid("cost_estimate_usd " + wrong, "cost_estimate_usd", wrong);
    }
  }

  /** What is kept as it came must be something that can be kept. */
  private void values() {
    invalid("request number beyond a double", "request", "{\"a\":1e400}");
    invalid("request number below a double", "request", "{\"a\":1e-400}");
    invalid("request zero of many digits", "request", "{\"a\":0e-9999}");
    invalid("request NUL", "request", "{\"a\":\"\\u0000\"}");
    invalid("request NUL in a key", "request", "{\"a\\u0000\":1}");
    invalid("request lone surrogate", "request", "{\"a\":\"\\udc00\"}");
    invalid("request too deep", "request", "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}");
    String deep = "[".repeat(64) + "]".repeat(64);
    raw("another field too deep", event(",\"note\":" + deep), 422, "INVALID_FIELD", "event");
  }

  private void documents() {
    for (String json :
        List.of(
            "",
            " ",
            "{",
            "}",
            "[",
            "]",
            "{]",
            "[}",
            "{\"event_id\"}",
            "{\"event_id\":}",
            "{event_id:1}",
            "{'event_id':1}",
            "tru",
            "nul",
            "-",
            "01",
            "+1",
            "1.",
            ".5",
            "0x1",
            "NaN",
            "Infinity",
            "-Infinity",
            "\"",
            "\"\\x\"",
            "\"\t\"",
            "// comment",
            "{}{}",
            "{} {}",
            "{},",
            "{}]",
            "<event/>",
            "event_id=e",
            "\u00a0{}",
            "\u0000")) {
      raw("document " + json, json, 400, "INVALID_JSON", null);
    }
    raw("duplicate key", "{\"event_id\":\"e\",\"event_id\":\"f\"}", 400, "INVALID_JSON", null);
    raw("duplicate key within", event(",\"request\":{\"a\":1,\"a\":2}"), 400, "INVALID_JSON", null);
    raw("NaN within", event(",\"request\":{\"a\":NaN}"), 400, "INVALID_JSON", null);
    raw("trailing comma", event(","), 400, "INVALID_JSON", null);
    for (String number : List.of("1e99999999999999", "-1E-2147483648", "0e99999999999")) {
      raw("exponent of " + number, event(",\"x\":" + number), 400, "INVALID_JSON", null);
      raw("cost " + number, event(",\"cost_estimate_usd\":" + number), 400, "INVALID_JSON", null);
    }
    raw("deep", "{\"a\":".repeat(5_000), 400, "INVALID_JSON", null);
    raw("number of digits", event(",\"a\":" + "1".repeat(5_000)), 400, "INVALID_JSON", null);
    for (String json : List.of("1", "true", "null", "\"text\"", "-1.5e3")) {
      raw("no object " + json, json, 422, "INVALID_FIELD", "event");
    }
    bytes("Latin-1", event(",\"a\":\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1));
    bytes("UTF-16", event("").getBytes(StandardCharsets.UTF_16));
    bytes("overlong UTF-8", new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
    bytes("cut UTF-8", new byte[] {'"', (byte) 0xE2, (byte) 0x82, '"'});
    bytes("surrogates in UTF-8", new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'});
    bytes("zeros", new byte[1_000]);
    raw("too large", event(",\"a\":" + text(256 * 1024)), 413, "EVENT_TOO_LARGE", null);
  }

  private void batches() {
    raw("array without end", "[" + event("") + ",", 400, "INVALID_JSON", null);
    raw("array and more", "[" + event("") + "] x", 400, "INVALID_JSON", null);
    raw("two arrays", "[" + event("") + "][]", 400, "INVALID_JSON", null);
    raw("quote without end", "[{\"event_id\":\"e]", 400, "INVALID_JSON", null);
    batch("array of nothing", "[,]", null);
    batch("array of numbers", "[1,2]", null);
    batch("array of arrays", "[[],[]]", null);
    batch("array of empty objects", "[{},{}]", null);
    batch("array of broken objects", "[{\"a\"},{:}]", null);
    batch("lines of text", "hello\nworld", NDJSON);
    batch("lines of arrays", "[]\n[" + event("") + "]", NDJSON);
    batch("lines with half an event", "{\"event_id\":\n\"e\"}", NDJSON);
    raw("too many", "[" + "1,".repeat(10_000) + "1]", 413, "TOO_MANY_EVENTS", null);
  }

  private void encodings() {
    byte[] gzip = Gzip.of(event(""));
    byte[] damaged = gzip.clone();
    damaged[gzip.length - 6] ^= 1;
    encoded("gzip of nothing", new byte[0]);
    encoded("plain as gzip", event("").getBytes(UTF_8));
    encoded("gzip that is cut", Arrays.copyOf(gzip, gzip.length - 1));
    encoded("gzip head alone", Arrays.copyOf(gzip, 10));
    encoded("damaged gzip", damaged);
    encoded("gzip and more", Arrays.copyOf(gzip, gzip.length + 3));
    for (String encoding : List.of("br", "deflate", "zstd", "gzip, gzip", "*", "gzip;q=1")) {
      add(
          "Content-Encoding " + encoding,
          "POST",
          "/events",
          event("").getBytes(UTF_8),
          415,
          "UNSUPPORTED_CONTENT_ENCODING",
          null,
          "Content-Encoding",
          encoding);
    }
    for (String type :
        List.of(
            "text/plain",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "json",
            "application/json; charset=utf-16",
            "application/json; charset=latin1",
            "application/protobuf",
            "*/*")) {
      add(
          "Content-Type " + type,
          "POST",
          "/events",
          event("").getBytes(UTF_8),
          415,
          "UNSUPPORTED_MEDIA_TYPE",
          null,
          "Content-Type",
          type);
    }
  }

  private void questions() {
    for (String question :
        List.of(
            "range=2h",
            "range=7D%20",
            "limit=0",
            "limit=1001",
            "limit=-1",
            "limit=x",
            "limit=1.5",
            "limit=99999999999",
            "from=yesterday&to=today",
            "from=2026-03-10&to=2026-03-01",
            "from=2026-03-10T12:00:00Z",
            "compare=next",
            "action=models&limit=1&limit=2",
            "range=7d&range=1h",
            "from=1990-01-01&to=2026-01-01")) {
      question("/telemetry?" + question);
    }
    question("/telemetry?action=Overview%00");
    question("/telemetry?action=drop");
    question("/telemetry?action=series&by=day");
    question("/events.csv?from=x");
    question("/events.csv?count=perhaps");
    question("/events.ndjson?from=2026-03-10&to=2026-03-01");
    question("/events");
    question("/events?trace_id=");
    question("/events?trace_id=a&limit=0");
    question("/events?trace_id=a&cursor=!!");
    question("/aggregates/daily?from=2026-02-30");
    question("/aggregates/daily?from=x&to=y");
    question("/metrics_dashboard?window=0");
    question("/metrics_dashboard?window=x");
    question("/organisations?limit=0");
    question("/drift.csv?from=x");
    question("/drift/bins");
    question("/drift/bins?date=x&model_id=m");
  }

  private void otherRoutes() {
    for (String body : List.of("[]", "1", "{\"date\":1}", "{\"date\":\"x\"}")) {
      add(
          "job " + body,
          "POST",
          "/jobs/daily-aggregates",
          body.getBytes(UTF_8),
          422,
          "INVALID_FIELD",
          null);
    }
    for (String body : List.of("{", "nope")) {
      add(
          "job " + body,
          "POST",
          "/jobs/daily-aggregates",
          body.getBytes(UTF_8),
          400,
          "INVALID_JSON",
          null);
    }
    for (String body :
        List.of(
            "{}",
            "{\"scopes\":[]}",
            "{\"scopes\":[\"root\"]}",
            "{\"scopes\":[\"read\"]}",
            "{\"scopes\":[\"read\"],\"org_id\":1}",
            "{\"scopes\":[\"read\"],\"org_id\":\"a\",\"expires_in_days\":0}",
            "{\"scopes\":[\"read\"],\"org_id\":\"a\",\"events_per_second\":0}",
            "{\"scopes\":[\"read\"],\"org_id\":\"a\",\"events_per_second\":\"1\"}")) {
      add("key " + body, "POST", "/keys", body.getBytes(UTF_8), 422, "INVALID_FIELD", null);
    }
    add("no route", "GET", "/nowhere", new byte[0], 404, "NOT_FOUND", null);
    add("no event", "GET", "/events/nobody", new byte[0], 404, "NOT_FOUND", null);
    add("no job", "GET", "/jobs/nobody", new byte[0], 404, "NOT_FOUND", null);
    add("wrong method", "PUT", "/events", new byte[0], 405, "METHOD_NOT_ALLOWED", null);
  }

  private void invalid(String name, String field, String value) {
    String json =
        switch (field) {
          case "event_id" -> "{\"event_id\":%s,\"timestamp\":\"%s\"}".formatted(value, TIME);
          case "timestamp" -> "{\"event_id\":\"e\",\"timestamp\":%s}".formatted(value);
          default -> event(",\"%s\":%s".formatted(field, value));
        };
    raw(name, json, 422, "INVALID_FIELD", field);
  }

  private void inner(String part, String field, String value) {
    String path = part + "." + field;
    raw(
        path + " " + shortened(value),
        event(",\"%s\":{\"%s\":%s}".formatted(part, field, value)),
        422,
        "INVALID_FIELD",
        path);
  }

  private void raw(String name, String body, int status, String code, @Nullable String field) {
    add(shortened(name), "POST", "/events", body.getBytes(UTF_8), status, code, field);
  }

  private void bytes(String name, byte[] body) {
    add(name, "POST", "/events", body, 400, "INVALID_JSON", null);
  }

  /** All of its events are refused. */
  private void batch(String name, String body, @Nullable String type) {
    String[] headers = type == null ? new String[0] : new String[] {"Content-Type", type};
    add(name, "POST", "/events", body.getBytes(UTF_8), 422, "", null, headers);
  }

  private void encoded(String name, byte[] body) {
    add(name, "POST", "/events", body, 400, "INVALID_BODY", null, "Content-Encoding", "gzip");
  }

  private void question(String path) {
    add(path, "GET", path, new byte[0], 400, "", null);
  }

  private void add(
      String name,
      String method,
      String path,
      byte[] body,
      int status,
      String errorCode,
      @Nullable String field,
      String... headers) {
    inputs.add(
        new BadInput(
            name,
            method,
            path,
            new String(body, StandardCharsets.ISO_8859_1),
            List.of(headers),
            status,
            errorCode,
            field));
  }

  private static String event(String more) {
    return EVENT.formatted(more);
  }

  private static String text(int length) {
    return "\"" + "x".repeat(length) + "\"";
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 50) + "… (" + text.length() + ")";
  }
}
