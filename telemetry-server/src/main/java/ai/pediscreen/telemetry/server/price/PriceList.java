package ai.pediscreen.telemetry.server.price;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prices of models. Of those that are for a model and in force, the one counts that names it most
 * exactly: a full name before a beginning, a longer beginning before a shorter one, then one that
 * names the provider, and of these the newest. Immutable and thread-safe.
 */
public final class PriceList {

  private static final BigDecimal MAX_COST_USD = BigDecimal.valueOf(1_000_000);

  private static final Comparator<Price> MOST_EXACT =
      Comparator.comparing((Price price) -> !price.isPattern())
          .thenComparing(price -> price.model().length())
          .thenComparing(price -> price.provider() != null)
          .thenComparing(Price::from);

  private static final PriceList EMPTY = new PriceList(List.of());

  private final List<Price> mostExactFirst;

  /**
   * @param prices no two of them with the same model, provider and beginning
   */
  PriceList(List<Price> prices) {
    this.mostExactFirst = prices.stream().sorted(MOST_EXACT.reversed()).toList();
  }

  /** No prices. */
  public static PriceList empty() {
    return EMPTY;
  }

  /** How many prices there are. */
  public int size() {
    return mostExactFirst.size();
  }

  /** Of how many models, or beginnings of names, there are prices. */
  public long models() {
    return mostExactFirst.stream().map(Price::model).distinct().count();
  }

  /**
   * What a call cost by the price in force at its timestamp, in US dollars, exact; empty if it
   * bears no tokens or no model, or if there is no price for it, or if an event cannot hold so
   * large a cost.
   */
  public Optional<BigDecimal> cost(TelemetryEvent event) {
    String modelId = event.modelId();
    if (modelId == null || event.model() == null || event.tokens().isNone()) {
      return Optional.empty();
    }
    return inForce(modelId, event.model().provider(), event.timestamp())
        .map(price -> price.of(event.tokens()))
        .filter(cost -> cost.compareTo(MAX_COST_USD) <= 0);
  }

  private Optional<Price> inForce(String modelId, @Nullable String provider, Instant at) {
    for (Price price : mostExactFirst) {
      if (!price.from().isAfter(at) && price.isFor(modelId, provider)) {
        return Optional.of(price);
      }
    }
    return Optional.empty();
  }
}
