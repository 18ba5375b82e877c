package ai.pediscreen.telemetry.usage;

import static ai.pediscreen.telemetry.event.EventBuilder.event;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Events as one would not invent them: over 100 days and a little into the future, crowded at the
 * edges of windows, minutes, hours and days; of several organisations and models, some of none;
 * with ties, odd texts and costs of many places. The same seed gives the same events.
 */
public final class RandomEvents {

  /** Organisations of the events; null for none. */
  public static final List<@Nullable String> ORGS =
      Collections.unmodifiableList(
          Arrays.<@Nullable String>asList(null, "org-a", "org-b", "Klinik Würzburg"));

  /** Models of the events; null for none. By UTF-16 the last two would change places. */
  public static final List<@Nullable String> MODELS =
      Collections.unmodifiableList(
          Arrays.<@Nullable String>asList(
              null, "medgemma-4b", "gpt-4o", "Zürich/ä", "\uff5eedge", "🙂-model"));

  private static final List<String> RANGES = List.of("1h", "24h", "7d", "30d", "90d");
  private static final List<@Nullable String> ADAPTERS =
      Arrays.asList(null, null, "lora-1", "lora-10", "lora-2", "\uff5e", "🙂");
  private static final List<@Nullable String> PROVIDERS =
      Arrays.asList(null, "vertex", "on-prem", "openai", "🙂");
  private static final List<@Nullable Integer> STATUSES =
      Arrays.asList(null, 0, 199, 200, 200, 200, 200, 200, 204, 299, 300, 404, 429, 500, 503, 999);
  private static final List<@Nullable String> ERROR_CODES =
      Arrays.asList(null, null, "TIMEOUT", "timeout", "http_500", "unknown", "过载");
  private static final List<@Nullable String> FALLBACKS =
      Arrays.asList(null, null, null, null, null, "rules", "gpt-4o-mini", "Rules");

  private final Random random;
  private final Instant now;

  public RandomEvents(long seed, Instant now) {
    this.random = new Random(seed);
    this.now = now;
  }

  /** Events that all differ by {@code (org_id, event_id)}, though some share an event id. */
  public List<TelemetryEvent> events(int count) {
    List<TelemetryEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      // Every fourth event has the id of its neighbour and another organisation.
      boolean twin = i % 4 == 1;
      String org = twin ? "org-twin" : any(ORGS);
      events.add(one("e-" + (twin ? i - 1 : i), org));
    }
    return events;
  }

  /** The events in random order, about every fifth sent again, in batches of 1 to 400. */
  public List<List<TelemetryEvent>> batches(List<TelemetryEvent> events) {
    List<TelemetryEvent> sent = new ArrayList<>(events);
    for (int i = 0; i < events.size() / 5; i++) {
      sent.add(any(events));
    }
    Collections.shuffle(sent, random);
    List<List<TelemetryEvent>> batches = new ArrayList<>();
    for (int from = 0; from < sent.size(); ) {
      int to = Math.min(sent.size(), from + 1 + random.nextInt(400));
      batches.add(List.copyOf(sent.subList(from, to)));
      from = to;
    }
    return batches;
  }

  private TelemetryEvent one(String eventId, @Nullable String orgId) {
    EventBuilder event = event(eventId);
    addTokens(event);
    return event
        .org(orgId)
        .at(timestamp())
        .model(any(MODELS))
        .adapter(any(ADAPTERS))
        .provider(any(PROVIDERS))
        .latency(latency())
        .status(any(STATUSES))
        .errorCode(any(ERROR_CODES))
        .fallbackTo(any(FALLBACKS))
        .cost(cost())
        .caseId(random.nextBoolean() ? null : "case-" + random.nextInt(50))
        .traceId(random.nextBoolean() ? null : "trace-" + random.nextInt(1_000))
        .build();
  }

  /** In the forms that decoded JSON may have them in; some events say nothing, or nonsense. */
  private void addTokens(EventBuilder event) {
    int input = random.nextInt(200_000);
    switch (random.nextInt(6)) {
      case 0, 1 -> event.asks("input_tokens", input).says("output_tokens", random.nextInt(9_000));
      case 2 -> event.asks("prompt_tokens", (long) input).says("completion_tokens", 7L);
      case 3 ->
          event
              .asks("input_tokens", new BigDecimal(input + ".0"))
              .asks("cache_read_input_tokens", input / 2)
              .asks("cache_creation_input_tokens", input / 4)
              .says("output_tokens", 2_000)
              .says("reasoning_output_tokens", random.nextInt(2_000));
      case 4 -> event.asks("input_tokens", "12").says("output_tokens", true);
      default -> {
        // Not every program counts them.
      }
    }
  }

  private Instant timestamp() {
    return switch (random.nextInt(10)) {
      case 0 -> before(Duration.ofHours(1));
      case 1 -> before(Duration.ofHours(24));
      case 2 -> before(Duration.ofDays(7));
      case 3 -> nudged(now);
      case 4 -> nudged(now.minus(5, ChronoUnit.MINUTES));
      case 5 -> nudged(UsageOracle.since(any(RANGES), now));
      case 6 -> nudged(before(Duration.ofDays(100)).truncatedTo(edge()));
      case 7 -> now.plus(random.nextInt(2 * 24 * 3_600_000), ChronoUnit.MILLIS);
      default -> before(Duration.ofDays(100));
    };
  }

  private Instant before(Duration length) {
    return now.minus((long) (random.nextDouble() * length.toMillis() * 1_000), ChronoUnit.MICROS);
  }

  private ChronoUnit edge() {
    return any(List.of(ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS));
  }

  /** The instant itself, or one a microsecond, a second or a minute beside it. */
  private Instant nudged(Instant instant) {
    int steps = random.nextInt(3) - 1;
    return instant.plus(
        steps, any(List.of(ChronoUnit.MICROS, ChronoUnit.SECONDS, ChronoUnit.MINUTES)));
  }

  private @Nullable Long latency() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> any(List.of(0L, 50L, 51L, 100L, 250L, 500L, 1_000L, 2_000L, 5_000L, 86_400_000L));
      case 2 -> (long) random.nextInt(150);
      default -> Math.min(86_400_000L, (long) Math.exp(6 + 1.5 * random.nextGaussian()));
    };
  }

  private @Nullable String cost() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> "0.1";
      case 2 -> "0.0000005";
      case 3 -> new BigDecimal(new BigInteger(90, random), 30).toPlainString();
      default -> BigDecimal.valueOf(random.nextInt(5_000_000), 6).toPlainString();
    };
  }

  private <T extends @Nullable Object> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
