package ai.pediscreen.telemetry.server.price;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import java.util.List;

/**
 * Puts a price into events that bring no cost, before they are stored: what is stored keeps it,
 * whatever the prices are later. As thread-safe as the store.
 */
public final class PricedEvents implements EventStore {

  private final PriceList prices;
  private final EventStore store;

  /**
   * @param store takes the events
   */
  public PricedEvents(PriceList prices, EventStore store) {
    this.prices = prices;
    this.store = store;
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    return store.append(prices.size() == 0 ? events : events.stream().map(this::priced).toList());
  }

  private ScopedEvent priced(ScopedEvent scoped) {
    TelemetryEvent event = scoped.event();
    if (event.costUsd() != null) {
      return scoped;
    }
    return prices
        .cost(event)
        .map(cost -> new ScopedEvent(scoped.allowed(), event.pricedAt(cost)))
        .orElse(scoped);
  }
}
