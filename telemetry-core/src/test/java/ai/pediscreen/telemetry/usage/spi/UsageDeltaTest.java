package ai.pediscreen.telemetry.usage.spi;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UsageDeltaTest {

  private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

  @Test
  void counts_areByMinuteAndModel() {
    UsageDelta delta = delta(full("a"), full("b"), event("c").at(NOON.plusSeconds(60)).model(null));

    assertThat(delta.size()).isEqualTo(2);
    delta.forEach(
        (key, cell) -> {
          if (key.modelId() == null) {
            assertThat(key.minute()).isEqualTo(NOON.plusSeconds(60));
            assertThat(cell.tally().calls()).isEqualTo(1);
          } else {
            assertThat(key.minute()).isEqualTo(NOON);
            assertThat(cell.tally().calls()).isEqualTo(2);
            assertThat(cell.labels())
                .containsEntry(
                    new UsageLabel(UsageLabel.Kind.ERROR, "TIMEOUT"),
                    new LabelCount(2, NOON.plusNanos(59_999_999_000L)));
          }
        });
  }

  @Test
  void bytes_areReadBackEqual() {
    UsageDelta delta =
        delta(
            full("a"),
            event("unpriced").at(NOON).model("m").asks("input_tokens", 5),
            event("scale").at(NOON).model("m").cost("1e3"),
            event("fine").at(NOON).model("m").cost("0.000000000000000000000001"),
            event("none").at(Instant.parse("2000-01-01T00:00:00Z")).model(null).status(null),
            event("far")
                .at(Instant.parse("2199-12-31T23:59:59.999999Z"))
                .model("ü-модель-\uD83D\uDE00"));

    assertThat(text(read(delta.toBytes()))).isEqualTo(text(delta));
    assertThat(text(read(new UsageDelta().toBytes()))).isEmpty();
  }

  @Test
  void sumOfParts_equalsTheWhole_inAnyOrder() {
    EventBuilder[] events = new EventBuilder[40];
    for (int i = 0; i < events.length; i++) {
      events[i] =
          event("e" + i)
              .at(NOON.plusSeconds(i * 7L))
              .model(i % 3 == 0 ? null : "m" + i % 3)
              .latency(i * 13L)
              .cost("0." + i);
    }
    UsageDelta merged = delta(Arrays.copyOfRange(events, 25, 40));
    merged.merge(delta(Arrays.copyOfRange(events, 0, 25)).toBytes());

    assertThat(text(merged)).isEqualTo(text(delta(events)));
  }

  @Test
  void damagedBytes_areRefused_whereverTheyEnd() {
    byte[] bytes = delta(full("a"), full("b")).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> callsByMinute(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> read(longer)).isInstanceOf(IllegalArgumentException.class);
    bytes[0] = 3;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 1 or 2");
  }

  /** What a server of the version before has left behind when it was stopped. */
  @Test
  void bytesWithoutTokens_areReadAsThoseOfNoTokens() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "010190de8b0e016d020202f001020102ff8dce1c03016a0202000754494d454f555402ff8dce1c01"
                    + "0c67656d696e692d666c61736802ff8dce1c");
    UsageDelta same = delta(withoutTokens("a").latency(120L), withoutTokens("b").latency(120L));

    assertThat(text(read(bytes))).isEqualTo(text(same));
  }

  private static EventBuilder full(String id) {
    return withoutTokens(id)
        .asks("input_tokens", 130_213)
        .asks("cache_read_input_tokens", 128_955)
        .asks("cache_creation_input_tokens", 1_253)
        .says("output_tokens", 300)
        .says("reasoning_output_tokens", 100);
  }

  private static EventBuilder withoutTokens(String id) {
    return event(id)
        .at(NOON.plusNanos(59_999_999_000L))
        .model("m")
        .latency(86_400_000L)
        .status(504)
        .errorCode("TIMEOUT")
        .fallbackTo("gemini-flash")
        .cost("0.1");
  }

  private static UsageDelta delta(EventBuilder... events) {
    UsageDelta delta = new UsageDelta();
    for (EventBuilder event : events) {
      delta.add(event.build());
    }
    return delta;
  }

  private static UsageDelta read(byte[] bytes) {
    UsageDelta delta = new UsageDelta();
    delta.merge(bytes);
    Map<Instant, Long> expected = new TreeMap<>();
    delta.forEach((key, cell) -> expected.merge(key.minute(), cell.tally().calls(), Long::sum));
    assertThat(callsByMinute(bytes)).isEqualTo(expected);
    return delta;
  }

  private static Map<Instant, Long> callsByMinute(byte[] bytes) {
    Map<Instant, Long> calls = new TreeMap<>();
    UsageDelta.forEachMinute(bytes, (minute, count) -> calls.merge(minute, count, Long::sum));
    return calls;
  }

  private static Map<String, String> text(UsageDelta delta) {
    Map<String, String> text = new TreeMap<>();
    delta.forEach(
        (key, cell) -> {
          UsageTally tally = cell.tally();
          BigDecimal cost = tally.costUsd().stripTrailingZeros();
          text.put(
              key.toString(),
              tally.calls()
                  + " "
                  + tally.errors()
                  + " "
                  + tally.fallbacks()
                  + " "
                  + tally.unpriced()
                  + " "
                  + tally.tokens()
                  + " "
                  + tally.latencySumMillis()
                  + " "
                  + cost
                  + " "
                  + tally.newest()
                  + " "
                  + Arrays.toString(tally.latencies().toBytes())
                  + " "
                  + new TreeMap<>(
                      Map.copyOf(cell.labels()).entrySet().stream()
                          .collect(
                              java.util.stream.Collectors.toMap(
                                  entry -> entry.getKey().toString(), Map.Entry::getValue))));
        });
    return text;
  }
}
