package ai.pediscreen.telemetry.event.spi;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Logs when the store becomes unavailable and when it is back, once each: senders in between get
 * the exception anyway. As thread-safe as the store.
 */
public final class OutageLog implements EventStore {

  private static final Logger LOG = System.getLogger(OutageLog.class.getName());

  private final EventStore store;
  private final String meanwhile;
  private final AtomicBoolean away = new AtomicBoolean();

  /**
   * Logs the outages of a store.
   *
   * @param meanwhile what happens to events until it is back, in words: {@code are kept}
   */
  public OutageLog(EventStore store, String meanwhile) {
    this.store = store;
    this.meanwhile = meanwhile;
  }

  /** Whether the store could not store the last events. */
  public boolean isUnavailable() {
    return away.get();
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    try {
      List<Receipt> receipts = store.append(events);
      if (away.compareAndSet(true, false)) {
        LOG.log(Level.INFO, "events are stored again");
      }
      return receipts;
    } catch (StoreUnavailableException e) {
      if (away.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "events cannot be stored and " + meanwhile + ": " + described(e));
      }
      throw e;
    }
  }

  /** Its message, and class and message of each of its causes. */
  private static String described(StoreUnavailableException failure) {
    Set<String> parts = new LinkedHashSet<>();
    parts.add(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      parts.add(cause.getClass().getSimpleName());
      if (cause.getMessage() != null) {
        parts.add(cause.getMessage());
      }
    }
    return String.join(": ", parts);
  }
}
