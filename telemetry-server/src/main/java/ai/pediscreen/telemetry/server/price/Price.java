package ai.pediscreen.telemetry.server.price;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of a model cost from an instant on. All rates are US dollars for a million
 * tokens, 0 or more, exact. Immutable.
 *
 * @param model a name, or the beginning of names and an asterisk
 * @param provider whose models it is for; null for those of all, named or not
 * @param from first instant that it is in force
 * @param input for input that is neither read from nor written to a cache
 * @param cacheRead for input that is read from a cache; null for as much as other input
 * @param cacheWrite for input that is written to a cache; null for as much as other input
 * @param output for output that is no reasoning
 * @param reasoning for reasoning; null for as much as other output
 */
record Price(
    String model,
    @Nullable String provider,
    Instant from,
    BigDecimal input,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite,
    BigDecimal output,
    @Nullable BigDecimal reasoning) {

  private static final int MILLION_PLACES = 6;

  Price {
    requireNonNull(model, "model");
    requireNonNull(from, "from");
    requireNonNull(input, "input");
    requireNonNull(output, "output");
  }

  /** Whether it is for all models whose names begin alike. */
  boolean isPattern() {
    return model.endsWith("*");
  }

  boolean isFor(String modelId, @Nullable String by) {
    boolean named =
        isPattern()
            ? modelId.regionMatches(0, model, 0, model.length() - 1)
            : modelId.equals(model);
    return named && (provider == null || provider.equals(by));
  }

  /**
   * The exact price in US dollars. Where a sender counts more cached tokens than input, or more
   * reasoning than output, the rest is 0.
   */
  BigDecimal of(Tokens tokens) {
    long rest = Math.max(0, tokens.input() - tokens.cacheRead() - tokens.cacheWrite());
    long written = Math.max(0, tokens.output() - tokens.reasoning());
    return times(rest, input)
        .add(times(tokens.cacheRead(), cacheRead == null ? input : cacheRead))
        .add(times(tokens.cacheWrite(), cacheWrite == null ? input : cacheWrite))
        .add(times(written, output))
        .add(times(tokens.reasoning(), reasoning == null ? output : reasoning))
        .movePointLeft(MILLION_PLACES);
  }

  private static BigDecimal times(long tokens, BigDecimal rate) {
    return rate.multiply(BigDecimal.valueOf(tokens));
  }
}
