package ai.pediscreen.telemetry.event;

import static ai.pediscreen.telemetry.event.TelemetryEventTest.map;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.usage.RandomEvents;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map form of an event, its immutability, and the checks of its constructors. */
class EventRoundTripTest {

  @Test
  void fromMap_givesAnEqualEvent_whenFedWithToMap() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    for (TelemetryEvent event : new RandomEvents(seed, EventBuilder.AT).events(2_000)) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>(event.toMap());
      object.put("request", value(random, 4) instanceof Map<?, ?> request ? request : null);
      object.put("extra", value(random, 5));
      object.put("app", "app-" + random.nextInt());
      TelemetryEvent fuller = TelemetryEvent.fromMap(object);

      assertThat(TelemetryEvent.fromMap(event.toMap()))
          .as("telemetry.test.seed=%d", seed)
          .isEqualTo(event);
      assertThat(TelemetryEvent.fromMap(fuller.toMap()))
          .as("telemetry.test.seed=%d", seed)
          .isEqualTo(fuller);
    }
  }

  @Test
  void toMap_omitsAbsentFields() {
    assertThat(EventBuilder.event("e-1").at("2026-03-10T12:00:00.5Z").status(null).build().toMap())
        .isEqualTo(
            map("event_id", "e-1", "timestamp", "2026-03-10T12:00:00.500Z", "response", map()));
  }

  @Test
  void fromMap_doesNotChangeItsSource() {
    Map<String, @Nullable Object> source =
        map(
            "event_id",
            "e-1",
            "timestamp",
            1_773_144_000,
            "model",
            map("model_id", "m"),
            "response",
            map("latency_ms", 1.5));
    Map<String, @Nullable Object> before =
        map(
            "event_id",
            "e-1",
            "timestamp",
            1_773_144_000,
            "model",
            map("model_id", "m"),
            "response",
            map("latency_ms", 1.5));

    assertThat(TelemetryEvent.fromMap(source).eventId()).isEqualTo("e-1");
    assertThat(source).isEqualTo(before);
  }

  @Test
  void event_isUnchanged_whenItsSourceChanges() {
    Map<String, @Nullable Object> request = map("a", 1);
    Map<String, @Nullable Object> model = map("x", 1);
    Map<String, @Nullable Object> source =
        map("event_id", "e-1", "timestamp", 1_773_144_000, "extra", 1);
    source.put("request", request);
    source.put("model", model);
    TelemetryEvent event = TelemetryEvent.fromMap(source);

    source.put("extra", 2);
    request.put("a", 2);
    model.put("x", 2);

    assertThat(event.additional()).isEqualTo(Map.of("extra", 1));
    assertThat(event.request()).isEqualTo(Map.of("a", 1));
    assertThat(event.model()).isEqualTo(new Model(null, null, null, Map.of("x", 1)));
  }

  @Test
  void event_refusesChange_whenItsMapsAreWrittenTo() {
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            map(
                "event_id",
                "e-1",
                "timestamp",
                1_773_144_000,
                "extra",
                1,
                "request",
                map("a", 1),
                "model",
                map("x", 1),
                "response",
                map("y", 1)));

    for (Map<String, ?> map :
        List.of(
            event.additional(),
            requireNonNull(event.request()),
            requireNonNull(event.model()).additional(),
            event.response().additional())) {
      assertThat(map).hasSize(1);
      assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2000-01-01T00:00:00Z, 2000-01-01T00:00:00Z",
    "2026-03-10T12:00:00.123456789Z, 2026-03-10T12:00:00.123456Z",
    "2199-12-31T23:59:59.999999999Z, 2199-12-31T23:59:59.999999Z",
  })
  void constructor_cutsTheTimestampToMicroseconds_whenItsYearIsAllowed(
      Instant given, Instant expected) {
    assertThat(EventBuilder.event("e").at(given).build().timestamp()).isEqualTo(expected);
    assertThat(TelemetryEvent.fromMap(map("event_id", "e", "timestamp", given)).timestamp())
        .isEqualTo(expected);
  }

  @Test
  void constructors_refuseWhatFromMapRefuses() {
    assertRefused(EventBuilder.event(""), "event_id must be 1 to 128 characters long");
    assertRefused(EventBuilder.event("a\nb"), "event_id must not contain control characters");
    EventBuilder event = EventBuilder.event("e");
    assertRefused(event.org(" "), "org_id must not be blank");
    assertRefused(event.org("x".repeat(129)), "org_id must be at most 128 characters long");
    assertRefused(
        event.org(null).cost("-1"), "cost_estimate_usd must be a number between 0 and 1000000");
    assertRefused(event.cost(null).caseId("\0"), "case_id must not contain the character NUL");
    event.caseId(null);
    assertRefused(event.at("1999-12-31T23:59:59.999999999Z"), "timestamp " + Timestamps.RULE);
    assertRefused(event.at("2200-01-01T00:00:00Z"), "timestamp " + Timestamps.RULE);
    event.at(EventBuilder.AT);
    assertRefused(
        event.model("x".repeat(257)), "model.model_id must be at most 256 characters long");
    event.model(null);
    assertRefused(
        event.latency(86_400_001L), "response.latency_ms must be a number between 0 and 86400000");
    event.latency(null);
    assertRefused(event.status(1_000), "response.status_code must be an integer between 0 and 999");
  }

  private static void assertRefused(EventBuilder event, String message) {
    assertThatThrownBy(event::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Any JSON value. */
  private static @Nullable Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> random.nextLong();
      case 4 -> random.nextGaussian() * 1e300;
      case 5 -> new String(Character.toChars(random.nextInt(1, 0xd800)));
      case 6 -> Collections.singletonList(value(random, depth - 1));
      default -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.put("k" + random.nextInt(100), value(random, depth - 1));
        }
        yield object;
      }
    };
  }
}
