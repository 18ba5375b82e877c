package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertMessage;

/** Sends messages on one channel. Used by one thread. */
public interface AlertSender extends AutoCloseable {

  /** The channel. */
  AlertChannel channel();

  /**
   * Returns when the message has arrived; takes under a minute.
   *
   * @throws AlertNotSentException if it is not known to have arrived
   */
  void send(AlertMessage message) throws AlertNotSentException;

  @Override
  void close();
}
