package ai.pediscreen.telemetry.server.price;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.TelemetryEventBuilder;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PriceListTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  @Test
  @DisplayName("input 130 213, cache_read 128 955, cache_write 1 253: 5 at full price")
  void cachedTokens_areAPartOfTheInput() {
    Price price = rates("3", "0.30", "3.75", "15", null);
    PriceList list = new PriceList(List.of(price));
    TelemetryEvent event =
        call("m")
            .request(
                Map.of(
                    "input_tokens", 130_213,
                    "cache_read_input_tokens", 128_955,
                    "cache_creation_input_tokens", 1_253))
            .response("output_tokens", 300)
            .build();

    // (5 × 3 + 128 955 × 0.30 + 1 253 × 3.75 + 300 × 15) / 1 000 000
    assertThat(list.cost(event)).contains(new BigDecimal("0.04790025"));
    assertThat(new PriceList(List.of(rates("3", "0", "0", "0", null))).cost(event))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.000015"));
  }

  @Test
  void reasoningIsPartOfTheOutput_andCachedTokensDefaultToTheInputPrice() {
    TelemetryEvent event =
        call("m")
            .request(Map.of("input_tokens", 1_000_000, "cache_read_input_tokens", 400_000))
            .response("output_tokens", 10)
            .response("reasoning_output_tokens", 7)
            .build();

    assertThat(new PriceList(List.of(rates("1", null, null, "100", "1000"))).cost(event))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("1.0073"));
    assertThat(new PriceList(List.of(rates("1", null, null, "100", null))).cost(event))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("1.001"));
  }

  @Test
  void moreCachedThanInputTokens_leavesNoneAtFullPrice() {
    TelemetryEvent event =
        call("m").request(Map.of("input_tokens", 5, "cache_read_input_tokens", 1_000_000)).build();

    assertThat(new PriceList(List.of(rates("3", "0.3", null, "1", null))).cost(event))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.3"));
  }

  @Test
  void priceInForceAtTheTimestamp_applies() {
    PriceList list =
        new PriceList(
            List.of(
                price("m", null, "2026-01-01T00:00:00Z", "1"),
                price("m", null, "2026-03-10T12:00:00Z", "2")));

    assertThat(list.cost(at("2026-03-10T12:00:00Z"))).contains(perToken("2"));
    assertThat(list.cost(at("2026-03-10T11:59:59.999999Z"))).contains(perToken("1"));
    assertThat(list.cost(at("2025-12-31T23:59:59.999999Z"))).isEmpty();
  }

  @Test
  void mostExactName_applies() {
    PriceList list =
        new PriceList(
            List.of(
                price("*", null, "2026-01-01T00:00:00Z", "1"),
                price("gpt-4*", null, "2026-03-01T00:00:00Z", "2"),
                price("gpt-4o*", null, "2026-01-01T00:00:00Z", "3"),
                price("gpt-4o*", "azure", "2026-01-01T00:00:00Z", "4"),
                price("gpt-4o", null, "2026-01-01T00:00:00Z", "5")));

    assertThat(list.cost(event("gpt-4o", "azure"))).contains(perToken("5"));
    assertThat(list.cost(event("gpt-4o-mini", "azure"))).contains(perToken("4"));
    assertThat(list.cost(event("gpt-4o-mini", "openai"))).contains(perToken("3"));
    assertThat(list.cost(event("gpt-4o-mini", null))).contains(perToken("3"));
    assertThat(list.cost(event("gpt-4", null))).contains(perToken("2"));
    assertThat(list.cost(event("GPT-4", null))).contains(perToken("1"));
  }

  @Test
  void unknownModels_noTokens_andExcessiveCosts_haveNoPrice() {
    PriceList list = new PriceList(List.of(price("m", null, "2026-01-01T00:00:00Z", "1000000")));

    assertThat(list.cost(event("n", null))).isEmpty();
    assertThat(list.cost(call("m").build())).isEmpty();
    assertThat(list.cost(TelemetryEvent.builder("e", NOW).tokens(1, 0).build())).isEmpty();
    assertThat(list.cost(call("m").tokens(1_000_000, 0).build())).isPresent();
    assertThat(list.cost(call("m").tokens(1_000_001, 0).build())).isEmpty();
    assertThat(PriceList.empty().cost(event("m", null))).isEmpty();
  }

  @Test
  void eventsWithoutACost_arePricedBeforeStorage_andOthersUnchanged() {
    List<ScopedEvent> stored = new ArrayList<>();
    EventStore store =
        new PricedEvents(
            new PriceList(List.of(price("m", null, "2026-01-01T00:00:00Z", "1"))),
            events -> {
              stored.addAll(events);
              return events.stream().map(event -> Receipt.accepted()).toList();
            });
    ScopedEvent own =
        new ScopedEvent(OrgPermission.all(), call("m").tokens(1, 0).costUsd("0").build(), "{}");
    ScopedEvent unknown = new ScopedEvent(OrgPermission.all(), event("n", null), "{}");
    ScopedEvent lacking = new ScopedEvent(OrgPermission.all(), event("m", null), "{}");

    assertThat(store.append(List.of(own, unknown, lacking))).hasSize(3);

    assertThat(stored.subList(0, 2)).containsExactly(own, unknown);
    assertThat(stored.get(2).json()).isNull();
    assertThat(stored.get(2).event())
        .isEqualTo(lacking.event().pricedAt(perToken("1")))
        .satisfies(event -> assertThat(event.additional()).containsEntry("cost_source", "prices"));
  }

  private static TelemetryEventBuilder call(String model) {
    return TelemetryEvent.builder("e", NOW).model(model);
  }

  private static TelemetryEvent event(String model, @Nullable String provider) {
    return call(model).provider(provider).tokens(1, 0).build();
  }

  private static TelemetryEvent at(String timestamp) {
    return TelemetryEvent.builder("e", Instant.parse(timestamp)).model("m").tokens(1, 0).build();
  }

  private static BigDecimal perToken(String perMillion) {
    return new BigDecimal(perMillion).movePointLeft(6);
  }

  private static Price price(String model, @Nullable String provider, String from, String input) {
    return new Price(
        model,
        provider,
        Instant.parse(from),
        new BigDecimal(input),
        null,
        null,
        BigDecimal.ZERO,
        null);
  }

  private static Price rates(
      String input,
      @Nullable String cacheRead,
      @Nullable String cacheWrite,
      String output,
      @Nullable String reasoning) {
    return new Price(
        "m",
        null,
        Instant.EPOCH,
        new BigDecimal(input),
        decimal(cacheRead),
        decimal(cacheWrite),
        new BigDecimal(output),
        decimal(reasoning));
  }

  private static @Nullable BigDecimal decimal(@Nullable String text) {
    return text == null ? null : new BigDecimal(text);
  }
}
