package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when the store goes away and when it is back, once each: every request in between
 * is told of it anyway. Used by the committer's thread alone.
 */
final class OutageLog implements EventStore {

  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private final EventStore store;
  private boolean away;

  OutageLog(EventStore store) {
    this.store = store;
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    try {
      List<Receipt> receipts = store.append(events);
      if (away) {
        away = false;
        LOG.info("events are stored again");
      }
      return receipts;
    } catch (StoreUnavailableException e) {
      if (!away) {
        away = true;
        Throwable cause = e.getCause() == null ? e : e.getCause();
        LOG.warn("events cannot be stored and are answered 503: {}", cause.getMessage());
      }
      throw e;
    }
  }
}
