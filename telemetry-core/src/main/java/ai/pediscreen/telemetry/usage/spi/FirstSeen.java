package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Since when a model is called with an adapter, or by a provider.
 *
 * @param kind {@link UsageLabel.Kind#ADAPTER} or {@link UsageLabel.Kind#PROVIDER}
 * @param name of the adapter or provider
 * @param since the beginning of the hour, or where hours are no longer counted of the day (UTC), in
 *     which the first such call lies
 */
public record FirstSeen(UsageLabel.Kind kind, String name, Instant since) {

  public FirstSeen {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    requireNonNull(since, "since");
  }
}
