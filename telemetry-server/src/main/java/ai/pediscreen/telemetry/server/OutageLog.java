package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when the store goes away and when it is back, once each: every request in between
 * is answered with it anyway. As thread-safe as the store.
 */
final class OutageLog implements EventStore {

  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private final EventStore store;
  private final AtomicBoolean away = new AtomicBoolean();

  OutageLog(EventStore store) {
    this.store = store;
  }

  /** Whether the last events that were to be stored could not be. */
  boolean isAway() {
    return away.get();
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    try {
      List<Receipt> receipts = store.append(events);
      if (away.compareAndSet(true, false)) {
        LOG.info("events are stored again");
      }
      return receipts;
    } catch (StoreUnavailableException e) {
      if (away.compareAndSet(false, true)) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        LOG.warn("events cannot be stored and are answered 503: {}", cause.getMessage());
      }
      throw e;
    }
  }
}
