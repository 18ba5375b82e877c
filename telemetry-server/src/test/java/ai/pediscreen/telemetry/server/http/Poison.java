package ai.pediscreen.telemetry.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A document that is no event, for each way in which one can be none.
 *
 * @param what is wrong with it
 * @param text the document
 * @param latin1 whether each character of the text stands for one byte, as it is
 * @param errorCode what it is refused with
 */
public record Poison(String what, String text, boolean latin1, String errorCode) {

  /** Stands wherever a document has a value, and must never come back. */
  static final String SECRET = "s3cr3t";

  private static final String JSON = "INVALID_JSON";
  private static final String FIELD = "INVALID_FIELD";
  private static final String START = "{\"event_id\":\"p\",\"timestamp\":\"2026-03-10T12:00:00Z\"";

  static List<Poison> all() {
    return List.of(
        unreadable("bad escape", START + ",\"x\":\"s3cr3t\\q\"}"),
        unreadable("half a \\u escape", START + ",\"x\":\"s3cr3t\\u12\"}"),
        unreadable("NaN", START + ",\"cost_estimate_usd\":NaN}"),
        unreadable("Infinity", START + ",\"cost_estimate_usd\":-Infinity}"),
        unreadable("an unknown word", START + ",\"x\":s3cr3t}"),
        unreadable("a number with a leading zero", START + ",\"x\":007}"),
        unreadable("a number of 2000 digits", START + ",\"x\":" + "7".repeat(2_000) + "}"),
        unreadable("a duplicate key", START + ",\"event_id\":\"s3cr3t\"}"),
        unreadable("a duplicate key inside", START + ",\"x\":{\"s3cr3t\":1,\"s3cr3t\":2}}"),
        unreadable("a second document", START + "} {\"x\":\"s3cr3t\"}"),
        unreadable("something after it", START + "} s3cr3t"),
        unreadable("a key without quotes", START + ",s3cr3t:1}"),
        unreadable("a comma at the end", START + ",}"),
        unreadable("the wrong bracket", START + ",\"x\":[1}}"),
        unreadable("a bracket too many", START + "}}"),
        unreadable("a comment", START + "/* s3cr3t */}"),
        unreadable("a raw control character", START + ",\"x\":\"s3cr3t\u0001\"}"),
        unreadable(
            "nesting 100000 deep",
            START + ",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
        new Poison("invalid UTF-8", START + ",\"x\":\"s3cr3t\u00ff\"}", true, JSON),
        new Poison("an overlong slash", START + ",\"x\":\"s3cr3t\u00c0\u00af\"}", true, JSON),
        new Poison("an encoded surrogate", START + ",\"x\":\"\u00ed\u00a0\u0080\"}", true, JSON),
        new Poison("UTF-16", "\u0000{\u0000}", true, JSON),
        invalid("null", "null"),
        invalid("a string", "\"s3cr3t\""),
        invalid("an array", "[" + START + "}]"),
        invalid("nothing in it", "{}"),
        invalid("nesting 70 deep", START + ",\"x\":" + "[".repeat(70) + "]".repeat(70) + "}"),
        invalid("NUL", START + ",\"x\":\"s3cr3t\\u0000\"}"),
        invalid("a lone surrogate", START + ",\"x\":\"s3cr3t\\ud800\"}"),
        invalid("a number that fits no double", START + ",\"x\":1e999999999}"),
        invalid("a zero whose exponent no double has", START + ",\"x\":[0e-16000]}"),
        invalid("a latency that is text", START + ",\"response\":{\"latency_ms\":\"s3cr3t\"}}"),
        invalid("a blank event id", "{\"event_id\":\"\",\"timestamp\":1773144000}"),
        invalid("a time that is none", "{\"event_id\":\"p\",\"timestamp\":\"s3cr3t\"}"));
  }

  byte[] document() {
    return text.getBytes(latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  boolean fitsOneLine() {
    return text.indexOf('\n') < 0;
  }

  public static byte[] lines(List<byte[]> documents) {
    return joined("", "\n", "\n", documents);
  }

  public static byte[] array(List<byte[]> documents) {
    return joined("[", ",", "]", documents);
  }

  private static byte[] joined(
      String prefix, String separator, String suffix, List<byte[]> documents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(prefix.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < documents.size(); i++) {
      body.writeBytes((i == 0 ? "" : separator).getBytes(StandardCharsets.UTF_8));
      body.writeBytes(documents.get(i));
    }
    body.writeBytes(suffix.getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static Poison unreadable(String what, String text) {
    return new Poison(what, text, false, JSON);
  }

  private static Poison invalid(String what, String text) {
    return new Poison(what, text, false, FIELD);
  }

  @Override
  public String toString() {
    return what;
  }
}
