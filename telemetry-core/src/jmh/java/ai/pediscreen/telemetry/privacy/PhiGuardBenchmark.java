package ai.pediscreen.telemetry.privacy;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the guard costs an event, beside what it costs to parse the same event from JSON as the
 * server does: Jackson with its check for duplicate keys, then {@link TelemetryEvent#fromMap}.
 * {@code parseByDefault} leaves that check out.
 *
 * <p>Single calls are sampled, for the median of calls this short is hardly touched by whatever
 * else the machine has to do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(2)
public class PhiGuardBenchmark {

  private static final String FIELDS =
      """
      {"event_id":"0190f5c2-7a3e-7c41-9d52-3b8f6f1f2a10","timestamp":"2026-03-10T11:58:00.123456Z",
       "org_id":"clinic-7","app":"pediscreen","user_id":"u-88231","case_id":"case-2026-000417",
       "model":{"model_id":"medgemma-27b-it@001","adapter_id":"asq3-lora-12","provider":"vertex"},
       "response":{"latency_ms":1203,"status_code":200,"fallback_to":null,"output_tokens":211},
       "cost_estimate_usd":0.000123,"region":"us-east1","agent":"intake",
       "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","request":{"input_tokens":1011,"task":"screen"
      """;

  private static final String CHAT =
      """
      ,"temperature":0.2,"started_at":"2026-03-10T11:57:58Z","messages":[
        {"role":"system","content":"You score ASQ-3 answers. Answer in JSON: {domain, score, note}."},
        {"role":"user","content":"Age 24 months. Stacks 6 blocks, says about 20 words, runs, kicks."},
        {"role":"assistant","content":"{\\"domain\\":\\"gross_motor\\",\\"score\\":45}"}],
       "tags":["asq3","24m","v2026.03.10"],"client":{"version":"4.11.2","os":"iOS 17.4"}
      """;

  /** How much an event holds. */
  public enum Size {
    /** The fields of the contract. */
    SMALL(FIELDS + "}}"),
    /** And a short conversation. */
    CHATTY(FIELDS + CHAT + "}}"),
    /** The same with an e-mail address and a telephone number to redact. */
    FOUND(
        FIELDS.replace("u-88231", "jane@example.com")
            + CHAT.replace("runs, kicks", "call 415-555-2671")
            + "}}");

    private final String json;

    Size(String json) {
      this.json = json;
    }
  }

  @Param Size size = Size.SMALL;

  private final ObjectReader byDefault =
      JsonMapper.builder().build().readerFor(new TypeReference<Map<String, Object>>() {});
  private final ObjectReader asServer =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.CHARSET_DETECTION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(new TypeReference<Map<String, Object>>() {});
  private final PhiGuard guard = PhiGuard.redacting();
  private byte[] json = {};
  private Map<String, Object> object = Map.of();
  private TelemetryEvent event =
      TelemetryEvent.fromMap(Map.of("event_id", "e", "timestamp", "2026-03-10T12:00:00Z"));

  /** Parses once what is guarded often. */
  @Setup(Level.Trial)
  public void read() throws Exception {
    json = size.json.getBytes(StandardCharsets.UTF_8);
    object = asServer.readValue(json);
    event = parse();
  }

  /** From bytes to an event, as the server does it. */
  @Benchmark
  public TelemetryEvent parse() throws Exception {
    Map<String, Object> decoded = asServer.readValue(json);
    return TelemetryEvent.fromMap(decoded);
  }

  /** From bytes to an event, with Jackson as it comes. */
  @Benchmark
  public TelemetryEvent parseByDefault() throws Exception {
    Map<String, Object> decoded = byDefault.readValue(json);
    return TelemetryEvent.fromMap(decoded);
  }

  /** The part of parsing that core does. */
  @Benchmark
  public TelemetryEvent fromMap() {
    return TelemetryEvent.fromMap(object);
  }

  /** What the guard adds. */
  @Benchmark
  public TelemetryEvent guard() {
    return guard.apply(event);
  }
}
