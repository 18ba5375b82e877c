package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Events as real senders send them: 20 organisations with 5 models each, latencies lognormal, 2 %
 * errors, 3 % fallbacks, 500 to 700 bytes of JSON. Some thousand are made once; an event that is
 * sent is one of them with an id and a timestamp of its own, which costs next to nothing.
 *
 * <p>The same number gives the same event but for its timestamp, and different numbers give
 * different ids, in random order, as UUIDs are. Not thread-safe.
 */
final class SampleEvents {

  static final int TEMPLATES = 8_192;
  private static final int ORGANISATIONS = 20;
  private static final int MODELS = 5;
  private static final long DAY_MILLIS = 86_400_000;

  private static final String ID = "00000000-0000-0000-0000-000000000000";
  private static final String TIMESTAMP = "2000-01-01T00:00:00.000Z";
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final String[] ERRORS = {"TIMEOUT", "RATE_LIMITED", "MODEL_UNAVAILABLE"};
  private static final String[] RISKS = {"low", "moderate", "high"};

  private final long seed;
  private final List<Template> templates = new ArrayList<>(TEMPLATES);
  private long writtenDay = Long.MIN_VALUE;
  private byte[] writtenDate = {};

  private static final class Template {
    private final byte[] bytes;
    private final int idAt;
    private final int timestampAt;

    Template(String text) {
      this.bytes = text.getBytes(US_ASCII);
      this.idAt = text.indexOf(ID);
      this.timestampAt = text.indexOf(TIMESTAMP);
    }
  }

  /**
   * @param seed what the ids are drawn with; runs over one database need different ones
   */
  SampleEvents(long seed) {
    this.seed = seed;
    Random random = new Random(1);
    for (int i = 0; i < TEMPLATES; i++) {
      templates.add(new Template(text(random)));
    }
  }

  /** How many bytes an event takes. */
  int length(long number) {
    return template(number).bytes.length;
  }

  /**
   * Writes an event as JSON.
   *
   * @param number which one
   * @param millis its timestamp, since 1970
   * @return where it ends in the target
   */
  int write(long number, long millis, byte[] target, int at) {
    Template template = template(number);
    System.arraycopy(template.bytes, 0, target, at, template.bytes.length);
    writeId(number, target, at + template.idAt);
    writeTimestamp(millis, target, at + template.timestampAt);
    return at + template.bytes.length;
  }

  /** An event as a document, of no time of its own. */
  JsonNode event(long number) {
    byte[] bytes = new byte[length(number)];
    write(number, 0, bytes, 0);
    return Json.read(bytes);
  }

  private Template template(long number) {
    return templates.get((int) (number & (TEMPLATES - 1)));
  }

  private void writeId(long number, byte[] target, int at) {
    // Mixing loses nothing, so that different numbers have different first halves.
    long bits = mix(number + seed);
    int digit = 0;
    for (int i = 0; i < ID.length(); i++) {
      if (ID.charAt(i) == '0') {
        target[at + i] = HEX[(int) (bits >>> 60)];
        bits <<= 4;
        if (++digit == 16) {
          bits = mix(~number + seed);
        }
      }
    }
  }

  /** The finaliser of SplitMix64, a bijection. */
  static long mix(long value) {
    long z = value * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private void writeTimestamp(long millis, byte[] target, int at) {
    long day = Math.floorDiv(millis, DAY_MILLIS);
    if (day != writtenDay) {
      writtenDay = day;
      writtenDate = LocalDate.ofEpochDay(day).toString().getBytes(US_ASCII);
    }
    System.arraycopy(writtenDate, 0, target, at, writtenDate.length);
    int ofDay = Math.floorMod(millis, (int) DAY_MILLIS);
    digits(ofDay / 3_600_000, 2, target, at + 11);
    digits(ofDay / 60_000 % 60, 2, target, at + 14);
    digits(ofDay / 1_000 % 60, 2, target, at + 17);
    digits(ofDay % 1_000, 3, target, at + 20);
  }

  private static void digits(int value, int count, byte[] target, int at) {
    int rest = value;
    for (int i = count - 1; i >= 0; i--) {
      target[at + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static String text(Random random) {
    int organisation = random.nextInt(ORGANISATIONS);
    int model = random.nextInt(MODELS);
    boolean error = random.nextInt(100) < 2;
    boolean fallback = random.nextInt(100) < 3;
    long latency = Math.min(60_000, Math.round(Math.exp(6 + 0.6 * random.nextGaussian())));
    String outcome =
        error ? "503,\"error_code\":\"%s\"".formatted(ERRORS[random.nextInt(3)]) : "200";
    return String.format(
        Locale.ROOT,
        """
        {"event_id":"%s","timestamp":"%s","org_id":"clinic-%02d","app":"pediscreen-web",\
        "user_id":"clinician-%c%c","case_id":"case-%08x",\
        "model":{"model_id":"screening-model-%d","adapter_id":"adapter-%c","provider":"%s"},\
        "request":{"modality":"%s","age_months":%d,"language":"en","prompt_tokens":%d},\
        "response":{"latency_ms":%d,"status_code":%s%s,"confidence":0.%02d,"risk_level":"%s",\
        "completion_tokens":%d},\
        "cost_estimate_usd":0.00%04d,"region":"us-central1","agent":"screening-agent/2.3",\
        "trace_id":"%016x%016x"}""",
        ID,
        TIMESTAMP,
        organisation,
        'a' + random.nextInt(26),
        'a' + random.nextInt(26),
        random.nextInt(),
        model,
        'a' + random.nextInt(3),
        model < 3 ? "vertex" : "local",
        model % 2 == 0 ? "speech" : "gaze",
        12 + random.nextInt(60),
        200 + random.nextInt(1_800),
        latency,
        outcome,
        fallback ? ",\"fallback_to\":\"screening-model-%d\"".formatted((model + 1) % MODELS) : "",
        random.nextInt(100),
        RISKS[random.nextInt(3)],
        20 + random.nextInt(400),
        random.nextInt(10_000),
        random.nextLong(),
        random.nextLong());
  }
}
