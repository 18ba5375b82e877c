package ai.pediscreen.telemetry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged, as text with the texts of its exceptions, until it is closed. */
public final class LoggedMessages extends Handler implements AutoCloseable {

  private static final Logger LOGGER = Logger.getLogger("ai.pediscreen.telemetry");

  private final List<String> messages = new CopyOnWriteArrayList<>();

  /** Begins to listen. */
  public LoggedMessages() {
    LOGGER.addHandler(this);
  }

  /** What was logged up to now. */
  public List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord logged) {
    StringBuilder text = new StringBuilder(logged.getMessage());
    for (Throwable t = logged.getThrown(); t != null; t = t.getCause()) {
      text.append(' ').append(t);
    }
    messages.add(text.toString());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LOGGER.removeHandler(this);
  }
}
